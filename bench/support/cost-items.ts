import { usageOf } from '../../lambda/shared/cost.ts';
import { type Price, prices } from '../../lambda/shared/prices.ts';
import type { Packaged, PreparedSermon } from '../../lambda/shared/sermon.ts';

/** One line of an estimate: so many units of a price. */
export interface CostItem {
  readonly what: string;
  readonly amount: number;
  readonly price: Price;
}

/** What items cost together, in dollars. */
export const sum = (items: readonly CostItem[]): number => items.reduce((total, { amount, price }) => total + amount * price.usd, 0);

/** Dollars with as many digits as tell something: two after the point, or two that are not zero. */
export const dollars = (usd: number): string => {
  if (usd === 0) return '$0';
  if (usd < 0.000001) return 'under $0.000001';
  return usd >= 0.1 ? `$${usd.toFixed(2)}` : `$${Number(usd.toPrecision(2)).toFixed(Math.max(2, 1 - Math.floor(Math.log10(usd))))}`;
};

const grouped = (count: number): string => Math.round(count).toLocaleString('en-US');

/** Renditions of the stream. */
export const RENDITION_KBPS = [64, 96, 128] as const;
const LISTENED_KBPS = 96;
const MP3_KBPS = 96;
const UPLOAD_KBPS = 128;
const HOUR = 3600;
const HOURS_A_MONTH = 730;
const SEGMENTS_AN_HOUR = HOUR / 6;

/** One kbit/s for an hour, in GB. */
const GB_A_KBPS_HOUR = (1000 * HOUR) / 8 / 1e9;

/** An hour of speech as Publish sermon sees it. */
export const theHour: PreparedSermon & Packaged = {
  sermonId: 'hour',
  version: '0',
  revision: 0,
  source: { bucket: '', key: '', versionId: '', etag: '', sizeBytes: UPLOAD_KBPS * GB_A_KBPS_HOUR * 1e9 },
  sourceKey: '',
  audio: {
    durationSeconds: HOUR,
    channels: 1,
    sampleRate: 44_100,
    codec: 'MP3',
    container: 'mp3',
    monoGainsDb: [0],
    transcribeFormat: 'mp3',
  },
  tags: { title: '' },
  limits: { transcodeSeconds: 1, speechCopySeconds: 1, transcriptionSeconds: 1, embeddingSeconds: 1 },
  transcriptionKey: '',
  transcript: { hasSpeech: true, passagesKey: '', wordCount: 9000, language: 'en-US' },
  embeddingsKey: '',
  embedding: { inputTokens: 15_000, taskSeconds: 90 },
  stream: { playlistKey: '', audioKey: '', waveformKey: '', durationSeconds: HOUR },
};

/** Preparing an hour: first what a run records of itself. */
export function sermonHour(): readonly CostItem[] {
  const usage = usageOf(theHour);
  const taskHours = usage.taskSeconds / HOUR;
  return [
    { what: `Transcribe, ${usage.transcribedMinutes} minutes`, amount: usage.transcribedMinutes, price: prices.transcribedMinute },
    {
      what: `MediaConvert, ${usage.transcodedOutputs} outputs of ${usage.transcodedMinutes / usage.transcodedOutputs} minutes`,
      amount: usage.transcodedMinutes,
      price: prices.transcodedMinute,
    },
    {
      what: `S3, ${grouped(usage.objectWrites)} segments and files written`,
      amount: usage.objectWrites / 1000,
      price: prices.thousandObjectWrites,
    },
    { what: `Fargate, ${usage.taskSeconds} s of ${usage.taskVcpus} vCPU`, amount: taskHours * usage.taskVcpus, price: prices.taskVcpuHour },
    {
      what: `Fargate, ${usage.taskSeconds} s of ${usage.taskMemoryGb} GB`,
      amount: taskHours * usage.taskMemoryGb,
      price: prices.taskGbHour,
    },
    {
      what: `Step Functions, ${usage.stateTransitions} transitions`,
      amount: usage.stateTransitions / 1000,
      price: prices.thousandTransitions,
    },
    { what: `Bedrock, ${grouped(usage.embeddingTokens)} tokens`, amount: usage.embeddingTokens / 1e6, price: prices.embeddedMillionTokens },
    { what: 'functions, 60 GB-seconds', amount: 60, price: prices.functionGbSecond },
    // Billed by the hour in which they report: a dozen of the run, and the duration of each of its steps.
    { what: 'metrics, 26 for one hour', amount: 26 / HOURS_A_MONTH, price: prices.metricMonth },
    // The workflow logs every event with its data.
    { what: 'logs, 500 KB', amount: 0.0005, price: prices.logGb },
    { what: 'traces, 20', amount: 20e-6, price: prices.millionTraces },
    { what: 'catalogue, 30 writes', amount: 30e-6, price: prices.millionRowWrites },
    // Some fifty vectors of 512 numbers fit into one request's least size.
    { what: 'S3 Vectors, one request', amount: 128 / 1e6, price: prices.vectorGbWritten },
  ];
}

/** Keeping an hour for a month. */
export function storedSermonHour(): readonly CostItem[] {
  const kbps = RENDITION_KBPS.reduce((total, rate) => total + rate, MP3_KBPS + UPLOAD_KBPS);
  return [
    { what: `S3, ${Math.round(kbps * GB_A_KBPS_HOUR * 1000)} MB`, amount: kbps * GB_A_KBPS_HOUR, price: prices.storedGbMonth },
    { what: 'S3 Vectors, 50 vectors', amount: (50 * (512 * 4 + 300)) / 1e9, price: prices.vectorGbMonth },
  ];
}

/** Listening for an hour. */
export const listenerHour = (): readonly CostItem[] => [
  {
    what: `CloudFront, ${(LISTENED_KBPS * GB_A_KBPS_HOUR * 1000).toFixed(1)} MB`,
    amount: LISTENED_KBPS * GB_A_KBPS_HOUR,
    price: prices.deliveredGb,
  },
  // A handful more for the page, the playlists and the API.
  { what: `CloudFront, ${SEGMENTS_AN_HOUR + 15} requests`, amount: (SEGMENTS_AN_HOUR + 15) / 10_000, price: prices.tenThousandRequests },
  { what: `S3, ${SEGMENTS_AN_HOUR / 20} requests`, amount: SEGMENTS_AN_HOUR / 20 / 1000, price: prices.thousandObjectReads },
];

/** A month without uploads and listeners. */
export function idleMonth(counts: ReadonlyMap<string, number>): readonly CostItem[] {
  const days = 30;
  const reconciliations = (days * 24 * 60) / 5;
  // Lambda polls a queue with five pollers while it is empty, each for the 20 s that SQS lets a request wait.
  const polls = (5 * days * 24 * HOUR) / 20;
  const many = (type: string): number => counts.get(type) ?? 0;
  return [
    { what: `${many('AWS::CloudWatch::Alarm')} alarms`, amount: many('AWS::CloudWatch::Alarm'), price: prices.alarmMonth },
    { what: `${many('AWS::CloudWatch::Dashboard')} dashboard`, amount: many('AWS::CloudWatch::Dashboard'), price: prices.dashboardMonth },
    { what: `${many('AWS::SecretsManager::Secret')} secret`, amount: many('AWS::SecretsManager::Secret'), price: prices.secretMonth },
    { what: `${many('AWS::KMS::Key')} customer-managed key`, amount: many('AWS::KMS::Key'), price: prices.keyMonth },
    { what: `the upload queue, polled ${grouped(polls)} times`, amount: polls / 1e6, price: prices.millionMessages },
    // It notes four metrics every time.
    { what: 'the reconciler, 4 metrics', amount: 4, price: prices.metricMonth },
    { what: `the reconciler, ${grouped(reconciliations)} traces`, amount: reconciliations / 1e6, price: prices.millionTraces },
    // 256 MB for about half a second.
    {
      what: `the reconciler, ${grouped(reconciliations)} runs of half a second`,
      amount: reconciliations * 0.25 * 0.5,
      price: prices.functionGbSecond,
    },
    { what: 'the reconciler, 1 KB of log a time', amount: (reconciliations * 1000) / 1e9, price: prices.logGb },
    { what: 'the reconciler, 15 catalogue reads a time', amount: (reconciliations * 15) / 1e6, price: prices.millionRowReads },
    { what: 'the embedding image, 100 MB', amount: 0.1, price: prices.imageGbMonth },
  ].filter(({ amount }) => amount > 0);
}
