import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessLimit } from '../media/process-limit.ts';
import { createApiGateway } from './apigateway/apigateway.ts';
import { AssetStore } from './assembly/assets.ts';
import { deployStacks, type StackOutputs } from './assembly/deploy.ts';
import { loadAssembly } from './assembly/load-assembly.ts';
import type { ResourceProviders } from './assembly/resource-provider.ts';
import { createBedrock } from './bedrock/bedrock.ts';
import type { Cloud, CloudPart } from './cloud.ts';
import { countedHttpApis, countViewerAnswer } from './cloudwatch/answer-metrics.ts';
import { createCloudWatch } from './cloudwatch/cloudwatch.ts';
import { createCloudFront } from './cloudfront/cloudfront.ts';
import { createDynamoDb } from './dynamodb/dynamodb.ts';
import { createEcs } from './ecs/ecs.ts';
import { createEvents } from './events/events.ts';
import { Gateway } from './gateway/gateway.ts';
import { Iam, type Credentials } from './gateway/iam/iam.ts';
import { iamResources } from './gateway/iam/resources.ts';
import { createLambda } from './lambda/lambda.ts';
import { createMediaConvert } from './mediaconvert/mediaconvert.ts';
import { createObservability } from './observability/observability.ts';
import { createS3 } from './s3/s3.ts';
import { createS3Vectors } from './s3vectors/s3vectors.ts';
import { createSecretsManager } from './secretsmanager/secretsmanager.ts';
import { createSns } from './sns/sns.ts';
import { createSqs } from './sqs/sqs.ts';
import { createStepFunctions, type StepFunctions } from './stepfunctions/stepfunctions.ts';
import { lockFolder } from './store/lock-folder.ts';
import { Store } from './store/store.ts';
import { createTranscribe } from './transcribe/transcribe.ts';

// Twelve zeros, so that nobody takes a local ARN for a real one.
const ACCOUNT_ID = '000000000000';
const REGION = 'us-east-1';

export interface LocalCloudOptions {
  /** Folder of the synthesized cloud assembly. */
  readonly assembly: string;
  /** Folder of all state; survives restarts. */
  readonly state: string;
  /** Port of the AWS endpoint on loopback; 0 takes a free one. */
  readonly port: number;
  /** Port of the listener site on loopback; 0 takes a free one. */
  readonly sitePort: number;
  /** @default false: what the state folder holds is taken up */
  readonly fresh?: boolean;
  readonly warn: Cloud['warn'];
}

/** A running local cloud. */
export interface LocalCloud {
  readonly endpoint: string;
  readonly siteUrl: string;
  readonly region: string;
  /** The operator's keys: may do everything in the local account. */
  readonly credentials: Credentials;
  readonly outputs: StackOutputs;
  readonly stepFunctions: Pick<StepFunctions, 'onEvent'>;
  stop(): Promise<void>;
}

/**
 * Deploys an assembly on this machine and takes up whatever an earlier process left unfinished.
 * @throws Error in one sentence when a port or the state folder is taken, or the assembly holds something unknown
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { state, fresh = false } = options;
  const unlock = lockFolder(state);
  try {
    if (fresh) emptyFolder(state);
    return await assemble(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function assemble(options: LocalCloudOptions, unlock: () => void): Promise<LocalCloud> {
  const { assembly, state, port, sitePort, warn } = options;
  const store = new Store({ folder: state });
  const iam = new Iam(store, ACCOUNT_ID);
  const gateway = new Gateway({ store, iam, warn });
  const assets = new AssetStore();
  const endpoint = `http://127.0.0.1:${await gateway.listen(port)}`;
  const parts = new Parts({ accountId: ACCOUNT_ID, region: REGION, endpoint, folder: state, store, iam, assets, gateway, warn }, sitePort);
  for (const { service } of parts.all) if (service !== undefined) gateway.add(service);
  gateway.preflight = (request, response) => parts.s3.preflight(request, response);
  const stop = async (): Promise<void> => {
    // What feeds work stops before what does it, and the gateway last: a function that is still running would fail without it.
    for (const part of parts.all.toReversed()) await part.stop?.();
    gateway.close();
    store.close();
    unlock();
  };
  try {
    const stacks = loadAssembly(assembly);
    for (const { assetManifest } of stacks) assets.load(assembly, assetManifest);
    const outputs = await deployStacks(stacks, parts.resources, {
      accountId: ACCOUNT_ID,
      region: REGION,
      dynamicReferences: parts.secrets.dynamicReferences,
    });
    for (const part of parts.all) await part.start?.();
    const { siteUrl } = parts.cloudFront;
    return {
      endpoint,
      siteUrl,
      region: REGION,
      credentials: iam.credentialsFor(iam.operator.arn),
      outputs,
      stepFunctions: parts.stepFunctions,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Foundation = Pick<Cloud, 'accountId' | 'region' | 'endpoint' | 'folder' | 'store' | 'iam' | 'assets' | 'warn'> & {
  readonly gateway: Gateway;
};

/** All parts of the local cloud. They know each other only through `Cloud`, so one object holds them while they are made. */
class Parts {
  readonly cloud: Cloud;
  readonly all: readonly CloudPart[];
  readonly resources: ResourceProviders;
  readonly s3: ReturnType<typeof createS3>;
  readonly stepFunctions: StepFunctions;
  readonly cloudFront: ReturnType<typeof createCloudFront>;
  readonly secrets: ReturnType<typeof createSecretsManager>;

  constructor({ gateway, ...foundation }: Foundation, sitePort: number) {
    // Parts reach these through getters, because each is made after `cloud` is.
    const late: { events?: Cloud['events']; functions?: Cloud['functions']; queues?: Cloud['queues'] } = {};
    this.cloud = {
      ...foundation,
      get events() {
        return made(late.events);
      },
      get functions() {
        return made(late.functions);
      },
      get queues() {
        return made(late.queues);
      },
      call: (principal, service, operation, input) => gateway.call(principal, service, operation, input),
    };
    const observability = createObservability(this.cloud);
    const sqs = createSqs(this.cloud);
    const events = createEvents(this.cloud, sqs.queues);
    const lambda = createLambda(this.cloud, { queues: sqs.queues, observability });
    Object.assign(late, { events: events.bus, functions: lambda.functions, queues: sqs.queues });
    const httpApis = createApiGateway(this.cloud);
    this.s3 = createS3(this.cloud);
    this.stepFunctions = createStepFunctions(this.cloud);
    this.secrets = createSecretsManager(this.cloud);
    this.cloudFront = createCloudFront(this.cloud, {
      port: sitePort,
      httpApis: countedHttpApis(httpApis, observability),
      onAnswer: (distributionId, status) => countViewerAnswer(observability, distributionId, status),
    });
    const topics = createSns(this.cloud, observability);
    // One limit for both, so that never more programs run than there are processors.
    const programs = new ProcessLimit();
    // Started in this order and stopped in the opposite one: workers first, then those who give them work, the public last.
    this.all = [
      observability,
      this.s3,
      this.secrets,
      createDynamoDb(this.cloud),
      createS3Vectors(this.cloud),
      createBedrock(this.cloud),
      createEcs(this.cloud, { observability }),
      createMediaConvert(this.cloud, programs),
      createTranscribe(this.cloud, programs),
      this.stepFunctions,
      sqs,
      lambda,
      events,
      httpApis,
      topics,
      createCloudWatch(this.cloud, { observability, queues: sqs.queues, topics }),
      this.cloudFront,
    ];
    this.resources = Object.assign(
      {},
      iamResources(foundation.iam),
      ...this.all.map(({ resources }) => resources ?? {}),
      ACCEPTED_RESOURCES,
    ) as ResourceProviders;
  }
}

// Types that carry nothing to run.
const ACCEPTED_RESOURCES: ResourceProviders = {
  'AWS::CDK::Metadata': ({ logicalId }) => ({ ref: logicalId }),
};

function made<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('a part of the local cloud was used while the parts are still being made');
  return part;
}

function emptyFolder(folder: string): void {
  for (const name of readdirSync(folder)) {
    // The lock is what keeps a second instance out while the rest goes.
    if (!name.startsWith('lock.sqlite')) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
