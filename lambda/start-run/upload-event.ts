import { sermonIdFor, executionNameFor, versionFor } from '../shared/identity.ts';
import type { Sermon } from '../shared/sermon.ts';

/** The run that an upload asks for. Nothing in it differs between two deliveries of one event. */
export interface RequestedRun {
  readonly executionName: string;
  readonly sermon: Sermon;
  /** When the upload ended, ISO 8601. */
  readonly uploadedAt: string;
}

/**
 * Reads EventBridge's "Object Created" event from a message. Keys are taken verbatim: EventBridge does not URL-encode them.
 * @throws Error when the message is no such event; it then ends in the dead-letter queue, alone
 */
export function requestedRun(body: string): RequestedRun {
  const event = member(parse(body), 'the message');
  if (event['source'] !== 'aws.s3' || event['detail-type'] !== 'Object Created') {
    throw new Error(
      `expected an event "Object Created" of aws.s3, got ${quote(event['detail-type'])} of ${quote(event['source'])}; check the rule that feeds the queue`,
    );
  }
  const detail = member(event['detail'], 'detail');
  const object = member(detail['object'], 'detail.object');
  const bucket = text(member(detail['bucket'], 'detail.bucket')['name'], 'detail.bucket.name');
  const key = text(object['key'], 'detail.object.key');
  const sequencer = text(object['sequencer'], 'detail.object.sequencer');
  const sizeBytes = object['size'];
  if (typeof sizeBytes !== 'number') throw new Error(`detail.object.size must be a number of bytes, got ${quote(sizeBytes)}`);
  const uploadedAt = text(event['time'], 'time');
  return {
    executionName: executionNameFor({ bucket, key, sequencer }),
    uploadedAt,
    sermon: {
      sermonId: sermonIdFor(key),
      version: versionFor(sequencer),
      revision: 0,
      source: {
        bucket,
        key,
        // Absent when the bucket keeps no versions: the run could not pin what was uploaded.
        versionId: text(object['version-id'], 'detail.object.version-id'),
        etag: text(object['etag'], 'detail.object.etag'),
        sizeBytes,
        uploadedAt,
      },
    },
  };
}

/** Whether the upload only marks a folder, as the S3 console makes one: nobody means it as a recording. */
export const isFolderMarker = ({ sermon: { source } }: RequestedRun): boolean => source.key.endsWith('/') && source.sizeBytes === 0;

/** The execution's input: the same bytes for every delivery of the event. */
export const inputFor = (sermon: Sermon): string => JSON.stringify(sermon);

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new Error(`expected an event as JSON, got ${quote(body)}; check who writes into the queue`, { cause });
  }
}

function member(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null)
    throw new Error(`${place} must be an object, got ${quote(value)}; check the rule that feeds the queue`);
  return Object.fromEntries(Object.entries(value));
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '')
    throw new Error(`${place} must be text, got ${quote(value)}; check the rule that feeds the queue and the bucket's versioning`);
  return value;
}

const quote = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);
