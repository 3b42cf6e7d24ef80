import { join } from 'node:path';
import { ProcessLimit } from '../../media/process-limit.ts';
import { AssetStore } from '../../local/assembly/assets.ts';
import type { Cloud, CloudEvent, CloudPart } from '../../local/cloud.ts';
import { Gateway } from '../../local/gateway/gateway.ts';
import { Iam } from '../../local/gateway/iam/iam.ts';
import { createMediaConvert } from '../../local/mediaconvert/mediaconvert.ts';
import { createS3 } from '../../local/s3/s3.ts';
import { Store } from '../../local/store/store.ts';
import { createTranscribe } from '../../local/transcribe/transcribe.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** S3, MediaConvert and Transcribe on a real store behind a real gateway; events are only collected. */
export interface MediaCloud {
  readonly cloud: Cloud;
  readonly events: readonly CloudEvent[];
  /** Options for any SDK client. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { accessKeyId: string; secretAccessKey: string };
    readonly forcePathStyle: boolean;
  };
  /** Resolves with the first event that fits, also one of the past. */
  event(fits: (event: CloudEvent) => boolean): Promise<CloudEvent>;
  /** Ends this process's part; the folder stays. */
  stop(): Promise<void>;
}

/** Name of the bucket that is there. */
export const BUCKET = 'media';

/** A role that may read and write the bucket. */
export const ROLE = 'arn:aws:iam::000000000000:role/media';

/** A role that may do nothing. */
export const POWERLESS_ROLE = 'arn:aws:iam::000000000000:role/powerless';

/** Starts the cloud on a folder; the same folder again is a restart. Stop it in the end. */
export async function openMediaCloud(folder = tempFolder(), limit = new ProcessLimit()): Promise<MediaCloud> {
  const store = new Store({ folder: join(folder, 'store'), synchronous: 'NORMAL' });
  const iam = new Iam(store, '000000000000');
  const gateway = new Gateway({ store, iam, warn: () => undefined });
  const endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
  const events = new CollectedEvents();
  const cloud: Cloud = {
    accountId: '000000000000',
    region: 'us-east-1',
    endpoint,
    folder,
    store,
    iam,
    assets: new AssetStore(),
    events,
    queues: { send: nobody },
    functions: { enqueue: nobody },
    call: gateway.call.bind(gateway),
    warn: () => undefined,
  };
  const parts: readonly CloudPart[] = [createS3(cloud), createMediaConvert(cloud, limit), createTranscribe(cloud, limit)];
  for (const { service } of parts) if (service !== undefined) gateway.add(service);
  await deploy(parts, iam);
  for (const part of parts) await part.start?.();
  return {
    cloud,
    events: events.all,
    client: { endpoint, region: cloud.region, credentials: iam.credentialsFor(iam.operator.arn), forcePathStyle: true },
    event: (fits) => events.first(fits),
    async stop() {
      for (const part of parts) await part.stop?.();
      gateway.close();
      store.close();
    },
  };
}

function nobody(): never {
  throw new Error('this test has no queues and no functions');
}

async function deploy(parts: readonly CloudPart[], iam: Iam): Promise<void> {
  const make = async (type: string, logicalId: string, properties: Record<string, unknown>): Promise<void> => {
    const provider = parts.map(({ resources }) => resources?.[type]).find((found) => found !== undefined);
    if (provider === undefined) throw new Error(`nobody provides ${type}`);
    await provider({ type, stackName: 'Test', logicalId, physicalName: logicalId.toLowerCase(), properties });
  };
  await make('AWS::S3::Bucket', 'Media', { BucketName: BUCKET });
  await make('AWS::MediaConvert::Queue', 'Sermons', { Name: 'sermons', ConcurrentJobs: 1 });
  iam.defineRole('media');
  iam.defineRole('powerless');
  const Resource = `arn:aws:s3:::${BUCKET}/*`;
  iam.attachPolicy('media', 'objects', {
    Statement: [
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${BUCKET}` },
    ],
  });
}

class CollectedEvents {
  readonly all: CloudEvent[] = [];
  readonly #waiting: { fits: (event: CloudEvent) => boolean; found: (event: CloudEvent) => void }[] = [];

  publish(event: CloudEvent): void {
    this.all.push(event);
    for (const { fits, found } of this.#waiting) if (fits(event)) found(event);
  }

  listen(): void {}

  first(fits: (event: CloudEvent) => boolean): Promise<CloudEvent> {
    const { promise, resolve } = Promise.withResolvers<CloudEvent>();
    const known = this.all.find(fits);
    if (known !== undefined) resolve(known);
    else this.#waiting.push({ fits, found: resolve });
    return promise;
  }
}
