/**
 * How a price is known. `vendor`: read in a stored copy of AWS's own price page. `quoted`: other pages that cite that
 * page, and agree. `unverified`: a list price from memory, or one whose application to us is unclear; compare it with
 * AWS's page before relying on it.
 */
export type PriceBasis = 'vendor' | 'quoted' | 'unverified';

/** One price of the list, before any free tier, tax or volume discount. */
export interface Price {
  readonly usd: number;
  /** What that many dollars buy. */
  readonly unit: string;
  readonly source: string;
  readonly basis: PriceBasis;
}

/** Region that the table is of; prices elsewhere differ by a tenth to a third. */
export const PRICES_REGION = 'us-east-1';

/** Day on which the table was put together, ISO 8601. An estimate names it, because prices change. */
export const PRICES_AS_OF = '2026-11-23';

// MediaConvert bills normalized minutes: the rate of standard definition, by 0.4 for an output without pictures.
const AUDIO_ONLY_SHARE = 0.4;

/** All prices that estimates and docs/cost.md use. */
export const prices = {
  /**
   * MediaConvert, one minute of one audio output. The Professional tier, because it is not known whether outputs with
   * loudness normalisation bill as Basic: an estimate that is too high surprises nobody.
   */
  transcodedMinute: {
    usd: 0.012 * AUDIO_ONLY_SHARE,
    unit: 'minute of an output, Professional tier',
    source: 'aws.amazon.com/mediaconvert/pricing, as repositories quote it; the share of audio-only outputs likewise',
    basis: 'unverified',
  },
  /** The same in the Basic tier, which takes MP3. */
  transcodedMinuteBasic: {
    usd: 0.0075 * AUDIO_ONLY_SHARE,
    unit: 'minute of an output, Basic tier',
    source: 'aws.amazon.com/mediaconvert/pricing, as repositories quote it; the share of audio-only outputs likewise',
    basis: 'unverified',
  },
  transcribedMinute: {
    usd: 0.024,
    unit: 'minute, of the first 250,000 a month',
    source: 'aws.amazon.com/transcribe/pricing, as six other pages of 2025 and 2026 quote it',
    basis: 'unverified',
  },
  embeddedMillionTokens: {
    usd: 0.02,
    unit: 'million tokens of Titan Text Embeddings V2',
    source: 'aws.amazon.com/bedrock/pricing, as repositories quote it',
    basis: 'quoted',
  },
  taskVcpuHour: { usd: 0.03238, unit: 'vCPU-hour, Linux on ARM', source: 'vantage.sh/blog/fargate-pricing', basis: 'quoted' },
  taskGbHour: { usd: 0.00356, unit: 'GB-hour, Linux on ARM', source: 'vantage.sh/blog/fargate-pricing', basis: 'quoted' },
  thousandTransitions: {
    usd: 0.025,
    unit: '1,000 state transitions',
    source: 'aws.amazon.com/step-functions/pricing',
    basis: 'unverified',
  },
  thousandObjectWrites: { usd: 0.005, unit: '1,000 PUT requests', source: 'aws.amazon.com/s3/pricing', basis: 'unverified' },
  thousandObjectReads: { usd: 0.0004, unit: '1,000 GET requests', source: 'aws.amazon.com/s3/pricing', basis: 'unverified' },
  storedGbMonth: { usd: 0.023, unit: 'GB-month in S3 Standard', source: 'aws.amazon.com/s3/pricing', basis: 'unverified' },
  vectorGbWritten: {
    usd: 0.2,
    unit: 'GB put, 128 KB a request at least',
    source: 'caylent.com, exploreagentic.ai (2025, 2026)',
    basis: 'quoted',
  },
  vectorGbMonth: { usd: 0.06, unit: 'GB-month of vectors', source: 'caylent.com, exploreagentic.ai (2025, 2026)', basis: 'quoted' },
  functionGbSecond: {
    usd: 0.0000133334,
    unit: 'GB-second on ARM',
    source: 'aws.amazon.com/lambda/pricing, as others quote it',
    basis: 'quoted',
  },
  millionInvocations: { usd: 0.2, unit: 'million requests', source: 'aws.amazon.com/lambda/pricing, as others quote it', basis: 'quoted' },
  millionRowWrites: {
    usd: 0.625,
    unit: 'million write request units',
    source: 'airbyte.com, 2025, after the cut of November 2024',
    basis: 'quoted',
  },
  millionRowReads: {
    usd: 0.125,
    unit: 'million read request units',
    source: 'airbyte.com, 2025, after the cut of November 2024',
    basis: 'quoted',
  },
  millionMessages: { usd: 0.4, unit: 'million SQS requests', source: 'aws.amazon.com/sqs/pricing', basis: 'unverified' },
  millionTraces: { usd: 5, unit: 'million traces recorded', source: 'aws.amazon.com/xray/pricing', basis: 'unverified' },
  logGb: { usd: 0.5, unit: 'GB of logs taken in', source: 'factualminds.com, June 2026', basis: 'quoted' },
  logGbMonth: { usd: 0.03, unit: 'GB-month of logs', source: 'aws.amazon.com/cloudwatch/pricing', basis: 'unverified' },
  alarmMonth: {
    usd: 0.1,
    unit: 'metric of an alarm, a month',
    source: 'aws.amazon.com/cloudwatch/pricing',
    basis: 'unverified',
  },
  dashboardMonth: { usd: 3, unit: 'dashboard, a month', source: 'factualminds.com, June 2026', basis: 'quoted' },
  metricMonth: { usd: 0.3, unit: 'custom metric, a month', source: 'signoz.io, February 2026', basis: 'quoted' },
  secretMonth: { usd: 0.4, unit: 'secret, a month', source: 'aws.amazon.com/secrets-manager/pricing', basis: 'unverified' },
  keyMonth: { usd: 1, unit: 'customer-managed key, a month', source: 'aws.amazon.com/kms/pricing', basis: 'unverified' },
  imageGbMonth: { usd: 0.1, unit: 'GB-month in ECR', source: 'aws.amazon.com/ecr/pricing', basis: 'unverified' },
  deliveredGb: {
    usd: 0.085,
    unit: 'GB to North America or Europe, first 10 TB',
    source: 'aws.amazon.com/cloudfront/pricing',
    basis: 'vendor',
  },
  tenThousandRequests: { usd: 0.01, unit: '10,000 HTTPS requests', source: 'wring.co, 2026', basis: 'quoted' },
} as const satisfies Readonly<Record<string, Price>>;
