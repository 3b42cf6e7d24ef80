import { END_OF_OUTPUT, type FunctionError, type InvokeMessage, type RuntimeMessage } from './runtime-messages.ts';
import { patchConsole } from './runtime-console.ts';
import { errorFrom, loadHandler, type Handler } from './runtime-handler.ts';

// The process that runs a function: it loads the handler once, then serves one invocation after the other.

const variable = (name: string): string => process.env[name] ?? '';
let currentRequestId: string | undefined;

function send(message: RuntimeMessage, sent?: () => void): void {
  // Output comes through a pipe of its own: the mark says that what follows belongs to the next invocation.
  if (currentRequestId !== undefined) process.stdout.write(`${END_OF_OUTPUT}${currentRequestId}\n`);
  process.send?.(message, undefined, undefined, () => sent?.());
}

/** JSON has no word for undefined or a function: Lambda answers null. */
function jsonOf(result: unknown): string {
  const json: unknown = JSON.stringify(result);
  return typeof json === 'string' ? json : 'null';
}

function maxMemoryMb(): number {
  return Math.ceil(process.resourceUsage().maxRSS / 1024);
}

/** Answers for the function and ends the process, as Lambda's runtime does when it can no longer trust its state. */
function die(error: FunctionError, exitCode: number): void {
  console.error('Uncaught Exception', JSON.stringify(error));
  send({ kind: 'error', error, fatal: true, maxMemoryMb: maxMemoryMb() }, () => process.exit(exitCode));
}

async function serve(handler: Handler, { requestId, payload, deadline, functionArn, traceHeader }: InvokeMessage): Promise<void> {
  currentRequestId = requestId;
  process.env['_X_AMZN_TRACE_ID'] = traceHeader;
  const context = {
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
    invokedFunctionArn: functionArn,
    memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    awsRequestId: requestId,
    logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
    xRayTraceId: traceHeader,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const result = await handler(JSON.parse(payload), context);
    send({ kind: 'result', payload: jsonOf(result), maxMemoryMb: maxMemoryMb() });
  } catch (error) {
    const failure = errorFrom(error);
    console.error('Invoke Error', JSON.stringify(failure));
    send({ kind: 'error', error: failure, fatal: false, maxMemoryMb: maxMemoryMb() });
  } finally {
    currentRequestId = undefined;
  }
}

async function run(): Promise<void> {
  // The local cloud is gone, perhaps killed: nobody waits for an answer.
  process.on('disconnect', () => process.exit());
  patchConsole(variable('AWS_LAMBDA_LOG_FORMAT'), () => currentRequestId);
  process.on('uncaughtException', (error) => die(errorFrom(error), 129));
  process.on('unhandledRejection', (reason) => {
    const { errorMessage, trace = [] } = errorFrom(reason);
    die({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage, trace }, 128);
  });
  try {
    const handler = await loadHandler(variable('LAMBDA_TASK_ROOT'), variable('_HANDLER'));
    process.on('message', (message: InvokeMessage) => void serve(handler, message));
    send({ kind: 'ready' });
  } catch (error) {
    die(errorFrom(error), 1);
  }
}

await run();
