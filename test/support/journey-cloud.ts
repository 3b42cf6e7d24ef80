import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembly, startProgram } from './local-cloud.ts';
import { tempFolder } from './temp-folder.ts';

/** A cloud that has Pulpit, as a journey finds it: on this machine or in an AWS account. */
export interface JourneyCloud {
  readonly stage: string;
  readonly siteUrl: string;
  readonly uploadBucket: string;
  readonly stateMachineArn: string;
  /** Where clients of the AWS SDK go, and as whom; what is left out they find as the AWS CLI does. */
  readonly connection: {
    readonly region: string;
    readonly endpoint?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Between two looks at a run. */
  readonly pollMs: number;
  stop(): Promise<void>;
}

/** Environment variables by which `npm run journey` names a deployed stage and its outputs. */
const { PULPIT_JOURNEY_STAGE: stageName, PULPIT_JOURNEY_OUTPUTS: outputsFile } = process.env;

/** Longest time until the sample is published. A deployed stage settles for 30 s, and each of its services starts in its own time. */
export const publishingMs = stageName === undefined ? 240_000 : 45 * 60_000;

/** The deployed stage that the environment names, else a local cloud of its own, in which nothing is published yet. */
export const journeyCloud = (): Promise<JourneyCloud> =>
  stageName === undefined || outputsFile === undefined ? localCloud() : deployedStage(stageName, outputsFile);

async function localCloud(): Promise<JourneyCloud> {
  const program = startProgram([join(import.meta.dirname, 'watched-cloud.ts'), await assembly(), join(tempFolder(), 'state')]);
  const [, ready = ''] = await program.line(/^ready (.*)/);
  const { endpoint, siteUrl, region, credentials, outputs } = JSON.parse(ready) as Required<JourneyCloud['connection']> & {
    readonly siteUrl: string;
    readonly outputs: Readonly<Record<string, string>>;
  };
  return {
    stage: 'local',
    siteUrl,
    uploadBucket: outputNamed('UploadBucket', outputs),
    stateMachineArn: outputNamed('StateMachineArn', outputs),
    connection: { endpoint, region, credentials },
    pollMs: 250,
    stop: () => program.kill(),
  };
}

async function deployedStage(stage: string, file: string): Promise<JourneyCloud> {
  // What `cdk deploy --outputs-file` writes: outputs by stack.
  const byStack = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const outputs = Object.assign({}, ...Object.values(byStack));
  const stateMachineArn = outputNamed('StateMachineArn', outputs);
  return {
    stage,
    siteUrl: outputNamed('SiteUrl', outputs),
    uploadBucket: outputNamed('UploadBucket', outputs),
    stateMachineArn,
    connection: { region: stateMachineArn.split(':')[3] ?? '' },
    // Step Functions answers few calls a second for a whole account.
    pollMs: 3000,
    stop: () => Promise.resolve(),
  };
}

function outputNamed(name: string, outputs: Readonly<Record<string, string>>): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the stage has no output ${name}; it has ${Object.keys(outputs).join(', ')}; deploy it again`);
  return value;
}
