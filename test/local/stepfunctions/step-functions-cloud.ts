import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  type DescribeExecutionOutput,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { AssetStore } from '../../../local/assembly/assets.ts';
import type { Cloud, CloudEvent } from '../../../local/cloud.ts';
import { AwsError } from '../../../local/gateway/aws-error.ts';
import { awsJson } from '../../../local/gateway/codecs/aws-json.ts';
import { Gateway } from '../../../local/gateway/gateway.ts';
import { Iam } from '../../../local/gateway/iam/iam.ts';
import type { Members, Operation } from '../../../local/gateway/service.ts';
import { createStepFunctions, type ExecutionEvent, type StepFunctions } from '../../../local/stepfunctions/stepfunctions.ts';
import { Store } from '../../../local/store/store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** What a service here does with a call: answer, or throw an AwsError. Every call needs the action of its name on `*`. */
export type Script = Readonly<Record<string, (input: Members) => Members | Promise<Members>>>;

/** Step Functions behind a real gateway with real IAM, beside services that answer as a test says. */
export class StepFunctionsCloud {
  readonly client: SFNClient;
  readonly part: StepFunctions;
  readonly published: CloudEvent[] = [];
  readonly heard: ExecutionEvent[] = [];
  readonly calls: { readonly service: string; readonly operation: string; readonly input: Members }[] = [];
  readonly iam: Iam;
  readonly endpoint: string;
  readonly store: Store;
  readonly roleArn: string;
  readonly #gateway: Gateway;
  readonly #listeners: { readonly source: string; readonly handle: (event: CloudEvent) => void }[] = [];

  static async open(services: Readonly<Record<string, Script>> = {}, allowed: readonly string[] = ['*']): Promise<StepFunctionsCloud> {
    const store = new Store({ folder: tempFolder(), synchronous: 'NORMAL' });
    const iam = new Iam(store, '000000000000');
    const gateway = new Gateway({ store, iam, warn: () => undefined });
    const endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
    return new StepFunctionsCloud({ store, iam, gateway, endpoint }, services, allowed);
  }

  private constructor(
    { store, iam, gateway, endpoint }: { readonly store: Store; readonly iam: Iam; readonly gateway: Gateway; readonly endpoint: string },
    services: Readonly<Record<string, Script>>,
    allowed: readonly string[],
  ) {
    this.store = store;
    this.iam = iam;
    this.endpoint = endpoint;
    this.#gateway = gateway;
    const cloud: Cloud = {
      accountId: '000000000000',
      region: 'us-east-1',
      endpoint,
      folder: tempFolder(),
      store,
      iam,
      assets: new AssetStore(),
      events: {
        publish: (event) => {
          this.published.push(event);
          for (const { source, handle } of this.#listeners) if (source === event.source) handle(event);
        },
        listen: (source, handle) => void this.#listeners.push({ source, handle }),
      },
      queues: { send: () => undefined },
      functions: { enqueue: () => undefined },
      call: (...call) => gateway.call(...call),
      warn: () => undefined,
    };
    for (const [signingName, script] of Object.entries(services)) {
      gateway.add({
        signingName,
        codec: awsJson({ targetPrefix: signingName, version: '1.0' }),
        operations: this.#scripted(signingName, script),
      });
    }
    this.roleArn = this.iam.defineRole('workflow');
    this.iam.attachPolicy('workflow', 'inline', {
      Statement: [{ Effect: 'Allow', Action: [...allowed], Resource: '*' }],
    });
    this.part = createStepFunctions(cloud);
    this.part.onEvent((event) => void this.heard.push(event));
    const { service } = this.part;
    if (service !== undefined) gateway.add(service);
    const { accessKeyId, secretAccessKey } = this.iam.credentialsFor(this.iam.operator.arn);
    this.client = new SFNClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
  }

  cloudEvent(source: string, detail: Members): void {
    this.store.write(() => {
      for (const listener of this.#listeners) if (listener.source === source) listener.handle({ source, detailType: 'any', detail });
    });
  }

  /** Deploys a state machine of one flow and starts the part. */
  async deploy(states: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<string> {
    const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states };
    const deployed = await this.part.resources?.['AWS::StepFunctions::StateMachine']?.({
      type: 'AWS::StepFunctions::StateMachine',
      stackName: 'Stack',
      logicalId: 'Machine',
      physicalName: 'machine',
      properties: { DefinitionString: JSON.stringify(definition), RoleArn: this.roleArn, ...more },
    });
    await this.part.start?.();
    return deployed?.ref ?? '';
  }

  /** Starts an execution and waits until it has ended. */
  async run(stateMachineArn: string, input: unknown = {}): Promise<DescribeExecutionOutput & { readonly events: readonly HistoryEvent[] }> {
    const { executionArn } = await this.client.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
    await this.ended(String(executionArn));
    const { events = [] } = await this.client.send(new GetExecutionHistoryCommand({ executionArn }));
    return { ...(await this.client.send(new DescribeExecutionCommand({ executionArn }))), events };
  }

  /** Resolves once an execution has ended. */
  async ended(executionArn: string): Promise<void> {
    const isEnd = (event: ExecutionEvent): boolean =>
      event.executionArn === executionArn && /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(event.type);
    if (this.heard.some(isEnd)) return;
    await new Promise<void>((resolve) => {
      const off = this.part.onEvent((event) => {
        if (!isEnd(event)) return;
        off();
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.part.stop?.();
    this.#gateway.close();
    this.store.close();
  }

  #scripted(service: string, script: Script): Record<string, Operation> {
    return Object.fromEntries(
      Object.entries(script).map(([operation, answer]) => [
        operation,
        {
          permissions: () => [{ action: `${service}:${operation}`, resource: '*' }],
          run: (input: Members) => {
            this.calls.push({ service, operation, input });
            return answer(input);
          },
        },
      ]),
    );
  }
}

/** An answer that refuses. */
export const refuse =
  (code: string, message: string, status = 400) =>
  (): never => {
    throw new AwsError(code, message, status);
  };
