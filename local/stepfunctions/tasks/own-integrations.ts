import type { Members } from '../../gateway/service.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { lambdaAction } from './lambda.ts';
import { withMetadata, type ServiceAction } from './service-call.ts';
import { versionOneSuffix, type ErrorNames } from './service-errors.ts';
import type { Task, TaskOutcome } from './task-runner.ts';

/** An integration that Step Functions made itself, and in which ways it can be waited for. */
export interface OwnIntegration extends ServiceAction {
  readonly patterns: readonly ('answer' | 'job' | 'token')[];
  readonly onlyWrites?: boolean;
}

const names = (service: string, unmodelled: string, modelled: RegExp, fullName = service): ErrorNames => ({
  service,
  unmodelled,
  modelled,
  causeSuffix: versionOneSuffix(fullName),
});

const DYNAMODB = names(
  'DynamoDB',
  'AmazonDynamoDBException',
  /^(ConditionalCheckFailed|ResourceNotFound|ProvisionedThroughputExceeded|ItemCollectionSizeLimitExceeded|RequestLimitExceeded|TransactionConflict|InternalServer)$/,
  'AmazonDynamoDBv2',
);

const dynamoDb = (operation: string): OwnIntegration => ({
  signingName: 'dynamodb',
  operation,
  errors: DYNAMODB,
  outcome: withMetadata,
  patterns: ['answer'],
});

/** By `service:action`, as the Resource writes them. */
export const OWN_INTEGRATIONS: Readonly<Record<string, OwnIntegration>> = {
  'lambda:invoke': { ...lambdaAction, patterns: ['answer', 'token'] },
  'ecs:runTask': {
    signingName: 'ecs',
    operation: 'RunTask',
    errors: names(
      'ECS',
      'AmazonECSException',
      /^(AccessDenied|Blocked|Client|ClusterNotFound|Conflict|InvalidParameter|PlatformTaskDefinitionIncompatibility|PlatformUnknown|Server|UnsupportedFeature)$/,
      'AmazonECS',
    ),
    camelCase: true,
    numericTimes: true,
    outcome: taskStarted,
    patterns: ['answer', 'job'],
    onlyWrites: true,
  },
  'mediaconvert:createJob': {
    signingName: 'mediaconvert',
    operation: 'CreateJob',
    errors: names(
      'MediaConvert',
      'MediaConvertException',
      /^(BadRequest|Conflict|Forbidden|InternalServer|NotFound|ServiceQuotaExceeded|TooManyRequests)$/,
    ),
    // The tag is what lets the managed rule recognise its own jobs.
    input: (parameters) => ({ ...parameters, Tags: { ...tagsOf(parameters), ManagedByService: 'AWSStepFunctions' } }),
    patterns: ['answer', 'job'],
    onlyWrites: true,
  },
  'events:putEvents': {
    signingName: 'events',
    operation: 'PutEvents',
    errors: names('EventBridge', 'EventBridgeException', /^(Internal|ResourceNotFound|AccessDenied)$/),
    input: (parameters, task) => ({ ...parameters, Entries: entriesOf(parameters, task) }),
    outcome: eventsPut,
    patterns: ['answer', 'token'],
    onlyWrites: true,
  },
  'sqs:sendMessage': {
    signingName: 'sqs',
    operation: 'SendMessage',
    errors: names('SQS', 'AmazonSQSException', /^(QueueDoesNotExist|InvalidMessageContents|UnsupportedOperation)$/, 'AmazonSQS'),
    input: (parameters) => ({ ...parameters, MessageBody: textOf(parameters['MessageBody']) }),
    outcome: withMetadata,
    patterns: ['answer', 'token'],
    onlyWrites: true,
  },
  'states:startExecution': {
    signingName: 'states',
    operation: 'StartExecution',
    errors: names(
      'StepFunctions',
      'AWSStepFunctionsException',
      /^(ExecutionAlreadyExists|ExecutionLimitExceeded|InvalidArn|InvalidExecutionInput|InvalidName|StateMachineDoesNotExist)$/,
      'AWSStepFunctions',
    ),
    camelCase: true,
    input: ({ input, ...rest }) => ({ ...rest, input: input === undefined ? '{}' : textOf(input) }),
    outcome: withMetadata,
    patterns: ['answer'],
  },
  'dynamodb:getItem': dynamoDb('GetItem'),
  'dynamodb:putItem': dynamoDb('PutItem'),
  'dynamodb:updateItem': dynamoDb('UpdateItem'),
  'dynamodb:deleteItem': dynamoDb('DeleteItem'),
};

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function tagsOf({ Tags }: JsonObject): JsonObject {
  return isObject(Tags) ? Tags : {};
}

/** Details may be objects here, and Step Functions names the execution among each event's resources. */
function entriesOf({ Entries }: JsonObject, { executionArn }: Task): Members[] {
  if (!Array.isArray(Entries)) return [];
  return Entries.filter(isObject).map(({ Detail, Resources, ...entry }) => ({
    ...entry,
    Detail: textOf(Detail),
    Resources: [...(Array.isArray(Resources) ? Resources : []), executionArn],
  }));
}

function eventsPut(answer: Json): TaskOutcome {
  if (isObject(answer) && Number(answer['FailedEntryCount'] ?? 0) > 0) {
    return { kind: 'failed', failure: { error: 'EventBridge.FailedEntry', cause: JSON.stringify(answer) } };
  }
  return withMetadata(answer);
}

/** RunTask answers with failures instead of refusing. */
function taskStarted(answer: Json): TaskOutcome {
  if (isObject(answer) && Array.isArray(answer['Failures']) && answer['Failures'].length > 0) {
    return { kind: 'failed', failure: { error: 'ECS.AmazonECSException', cause: JSON.stringify(answer['Failures']) } };
  }
  return withMetadata(answer);
}
