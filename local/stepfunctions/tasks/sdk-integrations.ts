import type { ServiceAction } from './service-call.ts';
import { versionTwoSuffix } from './service-errors.ts';

interface SdkService {
  readonly signingName: string;
  /** As error names write it. */
  readonly name: string;
  readonly camelCase?: boolean;
}

/** By the name after `aws-sdk:`, which is the Java client's package. */
const SDK_SERVICES: Readonly<Record<string, SdkService>> = {
  bedrockruntime: { signingName: 'bedrock', name: 'BedrockRuntime', camelCase: true },
  dynamodb: { signingName: 'dynamodb', name: 'DynamoDb' },
  ecs: { signingName: 'ecs', name: 'Ecs', camelCase: true },
  eventbridge: { signingName: 'events', name: 'EventBridge' },
  lambda: { signingName: 'lambda', name: 'Lambda' },
  mediaconvert: { signingName: 'mediaconvert', name: 'MediaConvert' },
  s3: { signingName: 's3', name: 'S3' },
  s3vectors: { signingName: 's3vectors', name: 'S3Vectors', camelCase: true },
  sfn: { signingName: 'states', name: 'Sfn', camelCase: true },
  sqs: { signingName: 'sqs', name: 'Sqs' },
  transcribe: { signingName: 'transcribe', name: 'Transcribe' },
};

// S3's model has few errors; the rest of its errors are S3Exception.
const S3_ERRORS =
  /^(NoSuchKey|NoSuchBucket|NoSuchUpload|BucketAlreadyExists|BucketAlreadyOwnedByYou|InvalidObjectState|ObjectAlreadyInActiveTier|ObjectNotInActiveTier|EncryptionTypeMismatch|InvalidRequest|InvalidWriteOffset|TooManyParts|IdempotencyParameterMismatch)$/;
// What every service may answer is in hardly any model.
const COMMON_ERRORS = /^(?!(AccessDenied|Validation|Throttling|UnrecognizedClient|UnknownOperation|UnknownService|InternalFailure)$)/;

/** The action behind `aws-sdk:<service>:<action>`. @throws Error when the local cloud has no such service */
export function sdkAction(service: string, action: string): ServiceAction {
  const known = SDK_SERVICES[service];
  if (known === undefined)
    throw new Error(`aws-sdk:${service} is not supported here; supported are ${Object.keys(SDK_SERVICES).join(', ')}`);
  const { signingName, name, camelCase = false } = known;
  return {
    signingName,
    operation: action.charAt(0).toUpperCase() + action.slice(1),
    camelCase,
    errors: {
      service: name,
      unmodelled: `${name}Exception`,
      modelled: name === 'S3' ? S3_ERRORS : COMMON_ERRORS,
      causeSuffix: versionTwoSuffix(name),
    },
  };
}
