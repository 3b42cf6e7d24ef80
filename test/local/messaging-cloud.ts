import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cloud } from '../../local/cloud.ts';
import { Gateway } from '../../local/gateway/gateway.ts';
import { Iam } from '../../local/gateway/iam/iam.ts';
import { AssetStore } from '../../local/assembly/assets.ts';
import { createEvents, type Events } from '../../local/events/events.ts';
import { createLambda, type Lambda } from '../../local/lambda/lambda.ts';
import { createObservability, type Observability } from '../../local/observability/observability.ts';
import { createSqs, type Sqs } from '../../local/sqs/sqs.ts';
import { Store } from '../../local/store/store.ts';

/** Messaging and compute on a real store behind a real gateway, without an assembly: tests deploy resources one by one. */
export interface MessagingCloud {
  readonly cloud: Cloud;
  readonly sqs: Sqs;
  readonly events: Events;
  readonly lambda: Lambda;
  readonly observability: Observability;
  readonly warnings: string[];
  /** Options for any SDK client. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { accessKeyId: string; secretAccessKey: string };
  };
  deploy(type: string, logicalId: string, properties: Record<string, unknown>): Promise<{ ref: string; arn: string }>;
  start(): Promise<void>;
  /** Ends this process's part, as a crash would: the folder stays. */
  stop(): Promise<void>;
}

export interface MessagingCloudOptions {
  readonly folder?: string;
  readonly retryDelaysSeconds?: readonly number[];
}

/** A folder for one test's state. */
export function stateFolder(): string {
  return mkdtempSync(join(tmpdir(), 'pulpit-test-'));
}

/** Starts the cloud; stop it in the end. */
export async function openMessagingCloud({ folder, retryDelaysSeconds }: MessagingCloudOptions = {}): Promise<MessagingCloud> {
  const home = folder ?? stateFolder();
  const store = new Store({ folder: home, synchronous: 'NORMAL' });
  const iam = new Iam(store, '000000000000');
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const gateway = new Gateway({ store, iam, warn });
  const port = await gateway.listen(0);
  const base = {
    accountId: '000000000000',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    folder: home,
    store,
    iam,
    assets: new AssetStore(),
    warn,
    call: gateway.call.bind(gateway),
  };
  const cloud: Cloud = {
    ...base,
    get events() {
      return events.bus;
    },
    get queues() {
      return sqs.queues;
    },
    get functions() {
      return lambda.functions;
    },
  };
  const observability = createObservability(cloud);
  const sqs: Sqs = createSqs(cloud);
  const lambda: Lambda = createLambda(cloud, { queues: sqs.queues, observability, ...(retryDelaysSeconds && { retryDelaysSeconds }) });
  const events: Events = createEvents(cloud, sqs.queues);
  const parts = [observability, sqs, lambda, events];
  for (const { service } of parts) if (service !== undefined) gateway.add(service);
  return {
    cloud,
    sqs,
    events,
    lambda,
    observability,
    warnings,
    client: {
      endpoint: base.endpoint,
      region: base.region,
      credentials: iam.credentialsFor(iam.operator.kind === 'operator' ? iam.operator.arn : ''),
    },
    async deploy(type, logicalId, properties) {
      const provider = parts.map(({ resources }) => resources?.[type]).find((found) => found !== undefined);
      if (provider === undefined) throw new Error(`nobody provides ${type}`);
      const { ref, attributes } = await provider({ type, stackName: 'Test', logicalId, physicalName: logicalId.toLowerCase(), properties });
      return { ref, arn: attributes?.['Arn'] ?? '' };
    },
    async start() {
      for (const part of parts) await part.start?.();
    },
    async stop() {
      for (const part of parts) await part.stop?.();
      gateway.close();
      store.close();
      if (folder === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}
