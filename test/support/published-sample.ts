import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  type HistoryEvent,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { Upload } from '@aws-sdk/lib-storage';
import { uploadKeyFor, uploadNamedIn } from '../../cli/upload.ts';
import { sermonIdFor } from '../../lambda/shared/identity.ts';
import { journeyCloud, type JourneyCloud } from './journey-cloud.ts';
import { parityRecord } from './parity-record.ts';

const SAMPLE = resolve(import.meta.dirname, '..', '..', 'sample', 'a-time-for-everything.mp3');

/** A cloud in which the sample sermon is published. */
export interface PublishedSample {
  readonly siteUrl: string;
  readonly sermonId: string;
  /** What the recogniser heard, sentence by sentence. */
  readonly sentences: readonly SpokenSentence[];
  /** All its words, in order. */
  readonly words: readonly { readonly text: string; readonly startSeconds: number }[];
  stop(): Promise<void>;
}

interface SpokenSentence {
  readonly startSeconds: number;
  readonly words: readonly { readonly text: string; readonly startSeconds: number }[];
}

/**
 * Uploads the sample sermon and waits until its run has published it: in a local cloud of its own, or in the deployed stage
 * that the environment names. There, the run's history is recorded in the folder PULPIT_JOURNEY_RECORDS.
 * @throws Error with the run's error when it did not succeed
 */
export async function publishedSample(): Promise<PublishedSample> {
  const cloud = await journeyCloud();
  const versionId = await uploadSample(cloud);
  const stepFunctions = new SFNClient(cloud.connection);
  try {
    const run = await endOfRun(stepFunctions, cloud, versionId);
    const records = process.env['PULPIT_JOURNEY_RECORDS'];
    if (records !== undefined) await record(records, cloud, run, await historyOf(stepFunctions, run));
    if (run.status !== 'SUCCEEDED') throw new Error(`run ${run.executionArn} ended ${run.status}: ${run.error} ${run.cause}`);
  } finally {
    stepFunctions.destroy();
  }
  const sermonId = sermonIdFor(uploadKeyFor(SAMPLE));
  const answer = await fetch(`${cloud.siteUrl}/v1/sermons/${sermonId}/transcript`);
  const { segments } = (await answer.json()) as { segments: readonly SpokenSentence[] };
  return {
    siteUrl: cloud.siteUrl,
    sermonId,
    sentences: segments,
    words: segments.flatMap(({ words }) => words),
    stop: () => cloud.stop(),
  };
}

async function uploadSample({ connection, uploadBucket }: JourneyCloud): Promise<string> {
  const client = new S3Client(connection);
  try {
    const params = { Bucket: uploadBucket, Key: uploadKeyFor(SAMPLE), Body: createReadStream(SAMPLE) };
    const { VersionId: versionId = '' } = await new Upload({ client, params }).done();
    return versionId;
  } finally {
    client.destroy();
  }
}

/** The run of an upload once it has ended, however it did; Jest's time limit ends a wait in vain. */
async function endOfRun(client: SFNClient, { stateMachineArn, pollMs }: JourneyCloud, versionId: string): Promise<DescribeExecutionOutput> {
  const others = new Set<string>();
  for (;;) {
    // The newest come first, and no journey has a hundred uploads at a time beside it.
    const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }));
    for (const { executionArn = '' } of executions.filter(({ executionArn: arn = '' }) => !others.has(arn))) {
      const run = await client.send(new DescribeExecutionCommand({ executionArn }));
      if (uploadNamedIn(run.input ?? '{}')?.versionId !== versionId) others.add(executionArn);
      else if (run.status !== 'RUNNING') return run;
    }
    await delay(pollMs);
  }
}

async function historyOf(client: SFNClient, { executionArn }: DescribeExecutionOutput): Promise<readonly HistoryEvent[]> {
  const all: HistoryEvent[] = [];
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn })) all.push(...events);
  return all;
}

async function record(
  folder: string,
  { stage }: JourneyCloud,
  run: DescribeExecutionOutput,
  events: readonly HistoryEvent[],
): Promise<void> {
  const kept = parityRecord(stage, run, events);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${kept.date}-${stage}.json`);
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  process.stdout.write(`the history, without accounts, tokens and addresses: ${file}\n`);
}
