import type { LatestRun, RunStatus, SermonRow, SermonStatus } from '../shared/catalogue-rows.ts';
import { publishedKeys, type RunIdentity } from '../shared/storage-keys.ts';

/** A sermon in a list. Fields that are not known yet are left out. */
export interface SermonItem {
  readonly id: string;
  readonly status: SermonStatus;
  readonly title: string;
  readonly preacher?: string;
  /** As tagged: a year or an ISO date. */
  readonly date?: string;
  readonly durationSeconds?: number;
  /** ISO 8601. */
  readonly publishedAt?: string;
  /** Name of what went wrong, of a failed sermon. */
  readonly error?: string;
}

/** One sermon with all that a page plays. Paths are absolute on the site; they are there once the sermon is published. */
export interface SermonDetail extends SermonItem {
  readonly stream?: string;
  readonly audio?: string;
  readonly waveform?: string;
  /** Only where somebody speaks. */
  readonly captions?: string;
  readonly transcript?: string;
  readonly hasSpeech?: boolean;
  readonly language?: string;
  /** For editors: how the newest run stands, which may not be the published one. */
  readonly latestRun?: RunView;
}

/** A run as editors see it. */
export interface RunView {
  readonly status: RunStatus;
  readonly error?: string;
  readonly message?: string;
  /** An estimate by list prices, in dollars, once the run is done. */
  readonly estimatedUsd?: number;
}

/** What a list shows of a sermon. */
export function sermonItem({ sermonId, status, title, preacher, date, durationSeconds, publishedAt, latestRun }: SermonRow): SermonItem {
  const error = status === 'failed' ? latestRun?.error : undefined;
  return { id: sermonId, status, title, ...present({ preacher, date, durationSeconds, publishedAt, error }) };
}

/** What a sermon's page needs. */
export function sermonDetail(row: SermonRow): SermonDetail {
  const { sermonId, hasSpeech, language, latestRun } = row;
  return {
    ...sermonItem(row),
    ...mediaPaths(row),
    ...present({ hasSpeech, language }),
    ...(latestRun === undefined ? {} : { latestRun: runView(latestRun) }),
    ...(hasSpeech === true && publishedRun(row) !== undefined
      ? { transcript: `/v1/sermons/${encodeURIComponent(sermonId)}/transcript` }
      : {}),
  };
}

const runView = ({ status, error, message, cost }: LatestRun): RunView => ({
  status,
  ...present({ error, message, estimatedUsd: cost?.estimatedUsd }),
});

/** The run that listeners see; undefined where nothing is published. */
export function publishedRun({ sermonId, status, publishedVersion, publishedRevision }: SermonRow): RunIdentity | undefined {
  if (status === 'removed' || publishedVersion === undefined || publishedRevision === undefined) return undefined;
  return { sermonId, version: publishedVersion, revision: publishedRevision };
}

function mediaPaths(row: SermonRow): Pick<SermonDetail, 'stream' | 'audio' | 'waveform' | 'captions'> {
  const run = publishedRun(row);
  if (run === undefined) return {};
  const keys = publishedKeys(run);
  return {
    stream: `/${keys.playlist}`,
    audio: `/${keys.audio}`,
    waveform: `/${keys.waveform}`,
    ...(row.hasSpeech === true ? { captions: `/${keys.captions}` } : {}),
  };
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined. */
function present<T extends Record<string, unknown>>(fields: T): Present<T> {
  // What is left is exactly what is not undefined; Object.fromEntries cannot say so in types.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
