import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListJobsCommand, MediaConvertClient } from '@aws-sdk/client-mediaconvert';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type HistoryEvent,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ListTranscriptionJobsCommand, TranscribeClient } from '@aws-sdk/client-transcribe';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { sermonIdFor } from '../../lambda/shared/identity.ts';
import { type CloudAddresses, type CloudProcess, startProgram } from './local-cloud.ts';
import type { Life } from './watched-cloud.ts';

/** One event of a run, as the watched cloud tells it. */
export interface WatchedEvent {
  readonly executionArn: string;
  readonly type: string;
  readonly state: string;
}

/** What the sermon's row and the slots' rows hold, as far as tests look. */
export interface CatalogueRow {
  readonly newestVersion?: string;
  readonly publishedVersion?: string;
  readonly status?: string;
  readonly latestRun?: { readonly version: string; readonly status: string; readonly error?: string };
  readonly turn?: unknown;
  readonly holder?: string;
}

/** What `GET /v1/sermons/{id}` answers, as far as tests look. */
export interface ShownSermon {
  readonly status: string;
  readonly stream?: string;
  readonly durationSeconds?: number;
}

/** A local cloud that tells every event of every run, and what an operator may ask of it through the SDK. */
export class WatchedCloud {
  readonly process: CloudProcess;
  readonly addresses: CloudAddresses;
  readonly #outputs: Readonly<Record<string, string>>;
  readonly #s3: S3Client;
  readonly #sqs: SQSClient;
  readonly #stepFunctions: SFNClient;
  readonly #mediaConvert: MediaConvertClient;
  readonly #transcribe: TranscribeClient;
  readonly #dynamoDb: DynamoDBDocumentClient;

  private constructor(
    process: CloudProcess,
    { outputs, ...addresses }: CloudAddresses & { readonly outputs: Readonly<Record<string, string>> },
  ) {
    this.process = process;
    this.addresses = addresses;
    this.#outputs = outputs;
    const { endpoint, region, credentials } = addresses;
    const connection = { endpoint, region, credentials };
    this.#s3 = new S3Client(connection);
    this.#sqs = new SQSClient(connection);
    this.#stepFunctions = new SFNClient(connection);
    this.#mediaConvert = new MediaConvertClient(connection);
    this.#transcribe = new TranscribeClient(connection);
    this.#dynamoDb = DynamoDBDocumentClient.from(new DynamoDBClient(connection));
  }

  static async start(assembly: string, state: string): Promise<WatchedCloud> {
    const process = startWatchedCloud(assembly, state);
    const [, ready = '{}'] = await process.line(/^ready (.*)/);
    return new WatchedCloud(process, JSON.parse(ready));
  }

  get stateMachineArn(): string {
    return this.#output('StateMachineArn');
  }

  /** Puts a file into the uploads bucket. @returns the version's id */
  async upload(key: string, file: string): Promise<string> {
    const { VersionId } = await this.#s3.send(
      new PutObjectCommand({ Bucket: this.#output('UploadBucket'), Key: key, Body: createReadStream(file) }),
    );
    return VersionId ?? '';
  }

  /** Delivers an upload's event to Pulpit, as the rule does. */
  async deliver(event: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#output('UploadQueueUrl'), MessageBody: event }));
  }

  /** Resolves with how the run of an upload ended, such as `ExecutionSucceeded`, once it has. */
  async endOf(versionId: string): Promise<string> {
    const arn = await this.runOf(versionId);
    const [, type = ''] = await this.process.line(new RegExp(`^event ${arn} (Execution(?:Succeeded|Failed|Aborted|TimedOut)) `));
    return type;
  }

  /** Resolves with the ARN of an upload's run, once it is started. */
  async runOf(versionId: string): Promise<string> {
    const [, arn = ''] = await this.process.line(new RegExp(`^run (\\S+) of ${versionId}$`));
    return arn;
  }

  /** Resolves once the run of an upload has entered a state. */
  async enters(versionId: string, state: string): Promise<void> {
    const arn = await this.runOf(versionId);
    await this.process.line(new RegExp(`^event ${arn} \\w+StateEntered ${state}$`));
  }

  /** What listeners get now; no cache answers. */
  async sermon(key: string): Promise<ShownSermon> {
    const answer = await fetch(`${this.addresses.siteUrl}/v1/sermons/${sermonIdFor(key)}?asked=${randomUUID()}`);
    return (await answer.json()) as ShownSermon;
  }

  /** How many upload events wait or are being worked on. */
  async waitingUploads(): Promise<number> {
    const { Attributes: counts = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#output('UploadQueueUrl'),
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(counts).reduce((sum, count) => sum + Number(count), 0);
  }

  /** Takes the event of the next upload. */
  async nextUploadEvent(): Promise<string> {
    const [message] = await this.#take('UploadEventsUrl', 1, 20);
    if (message === undefined) throw new Error('no upload was told of');
    return message;
  }

  /** Takes everything announced so far. */
  async announcements(): Promise<
    readonly { readonly 'detail-type': string; readonly detail: { readonly sermonId: string; readonly version: string } }[]
  > {
    return (await this.#take('AnnouncementsUrl', 10, 0)).map((body) => JSON.parse(body));
  }

  async executions(): Promise<
    readonly {
      readonly arn: string;
      readonly status: string;
      readonly error?: string;
      readonly source: { readonly key: string; readonly versionId: string };
    }[]
  > {
    const found = [];
    for await (const { executions = [] } of paginateListExecutions(
      { client: this.#stepFunctions },
      { stateMachineArn: this.stateMachineArn },
    )) {
      for (const { executionArn: arn = '' } of executions) {
        const { status = '', error, input = '{}' } = await this.#stepFunctions.send(new DescribeExecutionCommand({ executionArn: arn }));
        found.push({ arn, status, ...(error !== undefined && { error }), source: JSON.parse(input).source });
      }
    }
    return found;
  }

  async history(executionArn: string): Promise<readonly HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    for await (const page of paginateGetExecutionHistory({ client: this.#stepFunctions }, { executionArn }))
      events.push(...(page.events ?? []));
    return events;
  }

  async mediaConvertJobs(): Promise<readonly { readonly purpose: string | undefined; readonly status: string | undefined }[]> {
    const { Jobs: jobs = [] } = await this.#mediaConvert.send(new ListJobsCommand({}));
    return jobs.map(({ UserMetadata, Status }) => ({ purpose: UserMetadata?.['purpose'], status: Status }));
  }

  async transcriptionJobs(): Promise<readonly (string | undefined)[]> {
    const { TranscriptionJobSummaries: jobs = [] } = await this.#transcribe.send(new ListTranscriptionJobsCommand({}));
    return jobs.map(({ TranscriptionJobStatus }) => TranscriptionJobStatus);
  }

  async row(pk: string): Promise<CatalogueRow> {
    const { Item = {} } = await this.#dynamoDb.send(
      new GetCommand({ TableName: this.#output('CatalogueTable'), Key: { pk }, ConsistentRead: true }),
    );
    return Item;
  }

  async stop(): Promise<void> {
    for (const client of [this.#s3, this.#sqs, this.#stepFunctions, this.#mediaConvert, this.#transcribe, this.#dynamoDb]) client.destroy();
    await this.process.kill();
  }

  async #take(queue: string, most: number, waitSeconds: number): Promise<readonly string[]> {
    const QueueUrl = this.#output(queue);
    const { Messages: messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: most, WaitTimeSeconds: waitSeconds }),
    );
    for (const { ReceiptHandle } of messages) await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return messages.map(({ Body = '' }) => Body);
  }

  #output(name: string): string {
    const value = this.#outputs[name];
    if (value === undefined) throw new Error(`the stacks have no output ${name}`);
    return value;
  }
}

/** Starts the program alone. */
export const startWatchedCloud = (assembly: string, state: string, life: Life = 'living'): CloudProcess =>
  startProgram([join(import.meta.dirname, 'watched-cloud.ts'), assembly, state, life]);

/** The events in what a watched cloud has printed. */
export const eventsIn = (lines: readonly string[]): readonly WatchedEvent[] =>
  lines.flatMap((line) => {
    const [, executionArn, type, state] = /^event (\S+) (\S+) (.*)$/.exec(line) ?? [];
    return executionArn === undefined || type === undefined || state === undefined ? [] : [{ executionArn, type, state }];
  });
