import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  paginateListExecutions,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Upload } from '@aws-sdk/lib-storage';
import { sermonIdFor } from '../../lambda/shared/identity.ts';
import type { CloudAddresses } from './local-cloud.ts';

/** What `GET /v1/sermons/{id}` answers. */
export interface ShownSermon {
  readonly status: string;
  readonly stream?: string;
  readonly audio?: string;
  readonly transcript?: string;
  readonly hasSpeech?: boolean;
  readonly durationSeconds?: number;
  readonly title?: string;
  readonly latestRun?: { readonly status: string; readonly error?: string; readonly message?: string };
}

/** An upload that the bucket has acknowledged. */
export interface SentRecording {
  readonly sermonId: string;
  readonly versionId: string;
}

/** How a run ended, as Step Functions tells it. */
export interface EndedRun extends DescribeExecutionOutput {
  /** State that the run failed in, by its history; undefined where it did not fail. */
  readonly failedState: string | undefined;
  /** Names of all states that were entered. */
  readonly entered: readonly string[];
}

/** The local account as an operator with the printed credentials sees it. */
export class Account {
  readonly siteUrl: string;
  readonly s3: S3Client;
  readonly stepFunctions: SFNClient;
  readonly sqs: SQSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly #uploadsBucket: Promise<string>;
  readonly #stateMachineArn: Promise<string>;
  readonly #known = new Set<string>();
  readonly #arnByVersion = new Map<string, string>();

  constructor({ endpoint, region, credentials, siteUrl }: CloudAddresses) {
    const connection = { endpoint, region, credentials };
    this.siteUrl = siteUrl;
    this.s3 = new S3Client(connection);
    this.stepFunctions = new SFNClient(connection);
    this.sqs = new SQSClient(connection);
    this.dynamoDb = new DynamoDBClient(connection);
    this.#uploadsBucket = this.s3
      .send(new ListBucketsCommand())
      .then(({ Buckets: buckets = [] }) => one(buckets.flatMap(({ Name: name = '' }) => (/uploads/i.test(name) ? [name] : []))));
    this.#stateMachineArn = this.stepFunctions
      .send(new ListStateMachinesCommand())
      .then(({ stateMachines = [] }) =>
        one(stateMachines.flatMap(({ stateMachineArn = '' }) => (/publish/i.test(stateMachineArn) ? [stateMachineArn] : []))),
      );
  }

  /** Uploads a file by its path, or bytes, under a key of the uploads bucket. */
  async upload(key: string, content: string | Uint8Array): Promise<SentRecording> {
    const Body = typeof content === 'string' ? createReadStream(content) : content;
    const upload = new Upload({ client: this.s3, params: { Bucket: await this.#uploadsBucket, Key: key, Body } });
    const { VersionId: versionId = '' } = await upload.done();
    return { sermonId: sermonIdFor(key), versionId };
  }

  /** How the run of an upload ended; waits until it has. */
  endOf(upload: SentRecording): Promise<EndedRun> {
    return eventually(async () => {
      const found = await this.#find(upload);
      return found === undefined || found.status === 'RUNNING' ? undefined : this.#withHistory(found);
    });
  }

  /** A sermon as listeners and editors get it, once its newest run is no longer running. */
  sermon(
    { sermonId }: Pick<SentRecording, 'sermonId'>,
    wanted = ({ latestRun }: ShownSermon) => latestRun?.status !== 'running',
  ): Promise<ShownSermon> {
    return eventually(async () => {
      // A query of its own each time, so that no cache answers with what was true before.
      const answer = await fetch(`${this.siteUrl}/v1/sermons/${sermonId}?asked=${randomUUID()}`);
      const shown = (await answer.json()) as ShownSermon;
      return answer.ok && shown.latestRun !== undefined && wanted(shown) ? shown : undefined;
    });
  }

  /** Resolves once no run has one of the slots and none of these sermons a turn. */
  async allGivenBack(slots: number, uploads: readonly SentRecording[]): Promise<void> {
    const { TableNames: tables = [] } = await this.dynamoDb.send(new ListTablesCommand());
    const table = one(tables);
    const keys = [...Array.from({ length: slots }, (_, slot) => `slot#${slot}`), ...uploads.map(({ sermonId }) => `sermon#${sermonId}`)];
    for (const key of keys) {
      await eventually(async () => {
        const { Item: row = {} } = await this.dynamoDb.send(
          new GetItemCommand({ TableName: table, Key: { pk: { S: key } }, ConsistentRead: true }),
        );
        return row['holder'] === undefined && row['turn'] === undefined ? true : undefined;
      });
    }
  }

  /** URL of the queue whose name matches. */
  async queueUrl(name: RegExp): Promise<string> {
    return one(await this.queueUrls(name));
  }

  /** URLs of all queues whose names match. */
  async queueUrls(name: RegExp): Promise<readonly string[]> {
    const { QueueUrls: urls = [] } = await this.sqs.send(new ListQueuesCommand());
    return urls.filter((url) => name.test(url));
  }

  /** How many messages a queue holds, those included that somebody is working on. */
  async messagesIn(url: string): Promise<number> {
    const counted = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes: attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...counted] }),
    );
    return counted.reduce((sum, name) => sum + Number(attributes[name]), 0);
  }

  close(): void {
    for (const client of [this.s3, this.stepFunctions, this.sqs, this.dynamoDb]) client.destroy();
  }

  async #find({ versionId }: SentRecording): Promise<DescribeExecutionOutput | undefined> {
    if (!this.#arnByVersion.has(versionId)) await this.#learnNewRuns();
    const executionArn = this.#arnByVersion.get(versionId);
    return executionArn === undefined ? undefined : this.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
  }

  async #learnNewRuns(): Promise<void> {
    const pages = paginateListExecutions({ client: this.stepFunctions }, { stateMachineArn: await this.#stateMachineArn });
    for await (const { executions = [] } of pages) {
      for (const { executionArn = '' } of executions) {
        if (this.#known.has(executionArn)) continue;
        const { input = '{}' } = await this.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
        this.#known.add(executionArn);
        this.#arnByVersion.set((JSON.parse(input) as { source?: { versionId?: string } }).source?.versionId ?? '', executionArn);
      }
    }
  }

  async #withHistory(run: DescribeExecutionOutput): Promise<EndedRun> {
    const { events = [] } = await this.stepFunctions.send(
      new GetExecutionHistoryCommand({ executionArn: run.executionArn, maxResults: 1000 }),
    );
    const entered = events.flatMap(({ stateEnteredEventDetails: details }) => details?.name ?? []);
    return { ...run, entered, failedState: failedState(events) };
  }
}

/** The state whose attempt brought the run's error: the way back from that event to where its state was entered. */
function failedState(events: readonly HistoryEvent[]): string | undefined {
  const byId = new Map(events.map((event) => [event.id, event]));
  let event = events.findLast(({ type }) => type === 'TaskFailed' || type === 'LambdaFunctionFailed' || type === 'TaskTimedOut');
  while (event !== undefined && event.stateEnteredEventDetails === undefined) event = byId.get(event.previousEventId);
  return event?.stateEnteredEventDetails?.name;
}

/** Asks again until there is an answer; Jest's time limit ends a wait in vain. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(250);
  }
}

function one(found: readonly string[]): string {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`expected one name, found ${found.length}: ${found.join(', ')}`);
  return first;
}
