import type { Cloud } from '../cloud.ts';
import { RUNTIME, type LambdaFunction } from './function.ts';

/** What a sandbox has of its own. */
export interface SandboxPlace {
  readonly logStream: string;
  /** Its scratch folder, which stands for Lambda's `/tmp`. */
  readonly scratchFolder: string;
  readonly daemonAddress: string;
}

/** The variables of a function's process: the function's own and those that Lambda sets. Of the operator's shell only PATH. */
export function sandboxEnvironment(cloud: Cloud, lambda: LambdaFunction, place: SandboxPlace): Record<string, string> {
  const { accessKeyId, secretAccessKey } = cloud.iam.credentialsFor(lambda.roleArn);
  return {
    PATH: process.env['PATH'] ?? '',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...lambda.environment,
    // The SDK would otherwise read the operator's own ~/.aws.
    HOME: place.scratchFolder,
    TMPDIR: place.scratchFolder,
    _HANDLER: lambda.handler,
    LAMBDA_TASK_ROOT: lambda.codeFolder ?? '',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_ENDPOINT_URL: cloud.endpoint,
    // There is no instance metadata service here, and asking for it takes seconds.
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_EXECUTION_ENV: `AWS_Lambda_${RUNTIME}`,
    AWS_LAMBDA_FUNCTION_NAME: lambda.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: lambda.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: lambda.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: place.daemonAddress,
  };
}
