import type { RunIdentity } from '../../lambda/shared/storage-keys.ts';

/** What the task needs of the travelling record. */
export interface SermonToEmbed extends RunIdentity {
  readonly passagesKey: string;
}

/**
 * Reads the variable SERMON, which the workflow fills with its record.
 * @throws Error naming what is missing
 */
export function parseSermon(json: string): SermonToEmbed {
  const record: unknown = JSON.parse(json);
  if (isObject(record)) {
    const { sermonId, version, revision, transcript } = record;
    const passagesKey = isObject(transcript) ? transcript['passagesKey'] : undefined;
    if (typeof sermonId === 'string' && typeof version === 'string' && typeof revision === 'number' && typeof passagesKey === 'string') {
      return { sermonId, version, revision, passagesKey };
    }
  }
  throw new Error(
    'SERMON must be the record after Build transcript, with sermonId, version, revision and transcript.passagesKey; start the task through the workflow',
  );
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
