/** Stages of the app; each has settings of its own and is synthesized alone. */
export const stages = ['local', 'dev', 'prod'] as const;
export type Stage = (typeof stages)[number];

/** CloudFront's price classes. */
export const priceClasses = ['100', '200', 'All'] as const;

/** Everything that differs, or may come to differ, between deployments. Validated as a whole before anything is built. */
export interface Settings {
  readonly stage: Stage;
  /** How long an upload must stay the newest of its key before a run begins to work: the debounce. Whole seconds. */
  readonly settleSeconds: number;
  /** First wait for a turn or a run slot. Whole seconds. */
  readonly shortestWaitSeconds: number;
  /** The waits grow to this. Whole seconds. */
  readonly longestWaitSeconds: number;
  /** Sermons in the works at the same time: a limit of cost, 1 to 500. */
  readonly runSlots: number;
  /** Jobs that MediaConvert works on at the same time in our queue, 1 to 100; the account's own quota may be lower. */
  readonly transcodingJobs: number;
  /** Recordings shorter than this are refused. Seconds, 0.1 to 60. */
  readonly shortestRecordingSeconds: number;
  /** Recordings longer than this are refused. Seconds, up to 14,400: Transcribe takes nothing over 4 h (service quota). */
  readonly longestRecordingSeconds: number;
  /** Files larger than this are refused. Bytes, up to 2,000,000,000: Transcribe takes nothing over 2 GB (service quota). */
  readonly largestUploadBytes: number;
  /** How long a job may wait in a service's own queue before its task times out. Whole seconds. */
  readonly queueAllowanceSeconds: number;
  /** Deliveries of an upload event before it goes to the dead-letter queue, 1 to 1000. */
  readonly uploadReceiveCount: number;
  /** Start-run functions at the same time, at least 2 (Lambda's own minimum): shields StartExecution. */
  readonly startConcurrency: number;
  /** The start-run function's own limit. Whole seconds. */
  readonly startTimeoutSeconds: number;
  /** How long an upload event stays hidden after a delivery. At least `startTimeoutSeconds`; Lambda asks for six times it. */
  readonly uploadVisibilitySeconds: number;
  /** Language of the recordings, as Transcribe names it. */
  readonly languageCode: string;
  readonly embeddingModelId: string;
  /** Length of a vector: 256, 512 or 1024 (what Titan Text Embeddings V2 offers). */
  readonly embeddingDimensions: number;
  /** Weight of meaning beside words in the fused ranking, 0 to 1. */
  readonly embeddingWeight: number;
  /** Embedding calls at the same time, per task. */
  readonly embeddingConcurrency: number;
  /** How long every log group keeps its lines; one of the numbers that CloudWatch Logs offers. */
  readonly logRetentionDays: number;
  /**
   * How long CloudFront's access logs are kept, 1 to 3653. They hold listeners' addresses and what they searched for: as
   * short as operating the site allows.
   */
  readonly accessLogDays: number;
  /** How long an upload that was replaced or deleted can be brought back, and run anew. Days, 1 to 3650. */
  readonly replacedUploadDays: number;
  /** Requests a second to the API, and how many more at once. */
  readonly apiRequestsPerSecond: number;
  readonly apiBurst: number;
  /**
   * Which secret CloudFront shows the API, 1 to 50. Another number generates another one; until the distribution is
   * deployed everywhere the API takes the one before it as well, so change it once at a time.
   */
  readonly originSecretNumber: number;
  /** Removal policy: whether stored data outlives its stack, and the stacks refuse deletion. */
  readonly keepData: boolean;
  /** Which edge locations serve listeners: the cheapest are North America's and Europe's, 200 adds Asia's and Africa's. */
  readonly priceClass: (typeof priceClasses)[number];
  /**
   * Address of the site, such as `sermons.example.org`. Its DNS record is yours to make: it points to the distribution.
   * @default the address that CloudFront gives
   */
  readonly domainName?: string;
  /**
   * ARN of an ACM certificate for `domainName`. In us-east-1, wherever the stacks are: CloudFront is one service for the
   * whole world and takes certificates from there only.
   * @default CloudFront's own certificate
   */
  readonly certificateArn?: string;
  /**
   * ARN of a WAF web ACL of scope CLOUDFRONT, which lives in us-east-1 for the same reason as the certificate.
   * @default no web ACL
   */
  readonly webAclArn?: string;
  /**
   * An existing VPC for the embedding task, with `existingSubnetIds`.
   * @default a VPC of our own, with public subnets and without NAT
   */
  readonly existingVpcId?: string;
  /** Public subnets of `existingVpcId`: the task gets a public address there and reaches S3, ECR and Bedrock by it. */
  readonly existingSubnetIds?: readonly string[];
  /**
   * Whether recordings, what is made of them, and the catalogue are encrypted with a KMS key of this deployment, instead
   * of with AWS's own. Pages, access logs and vectors stay with AWS's keys, and so do queues and logs, which hold names only.
   * Choose before the first deployment: what is stored already keeps the key that it was stored with.
   */
  readonly customerManagedKey: boolean;
  /**
   * ARN of a managed policy that bounds every role of both stacks.
   * @default no boundary
   */
  readonly permissionsBoundaryArn?: string;
  /** Who is written to when something is wrong: up to ten addresses, each of which is asked once to confirm. */
  readonly alarmEmails: readonly string[];
  /** Where those who are written to find docs/operator-runbook.md: every alarm links to its chapter there. */
  readonly runbookUrl: string;
  /**
   * Dollars a month, of which `alarmEmails` hear at four fifths, at all of it, and when a forecast says more. It stops nothing.
   * It counts what carries the tag `deployment`, once that is activated as a cost allocation tag in the billing console.
   * @default no budget
   */
  readonly monthlyBudgetUsd?: number;
  /**
   * What this account pays for one dollar of the price table, 0.1 to 10: another region's prices, a discount, a tax. The
   * estimate of every run is multiplied by it.
   */
  readonly priceFactor: number;
  /** Tags on everything, beside `service`, `stage` and `deployment`. */
  readonly tags: Readonly<Record<string, string>>;
}

const dev: Settings = {
  stage: 'dev',
  // Long enough for "wrong file, here is the right one", short against the minutes that a run takes.
  settleSeconds: 30,
  shortestWaitSeconds: 20,
  longestWaitSeconds: 300,
  runSlots: 5,
  // One for the stream and one for the speech copy of each run.
  transcodingJobs: 10,
  shortestRecordingSeconds: 0.5,
  longestRecordingSeconds: 4 * 3600,
  largestUploadBytes: 2_000_000_000,
  // MediaConvert's on-demand queues and Transcribe's deferred execution clear within hours even on a busy day.
  queueAllowanceSeconds: 6 * 3600,
  uploadReceiveCount: 5,
  startConcurrency: 5,
  startTimeoutSeconds: 30,
  uploadVisibilitySeconds: 180,
  languageCode: 'en-US',
  embeddingModelId: 'amazon.titan-embed-text-v2:0',
  embeddingDimensions: 512,
  // A neural model's ranking is worth as much as that of the words.
  embeddingWeight: 1,
  embeddingConcurrency: 8,
  logRetentionDays: 30,
  accessLogDays: 30,
  // A season of a parish's life.
  replacedUploadDays: 90,
  apiRequestsPerSecond: 50,
  apiBurst: 100,
  originSecretNumber: 1,
  keepData: false,
  priceClass: '100',
  customerManagedKey: false,
  alarmEmails: [],
  // A path in this repository, since only you know where your copy of it is read.
  runbookUrl: 'docs/operator-runbook.md',
  priceFactor: 1,
  tags: {},
};

const settingsByStage: Readonly<Record<Stage, Settings>> = {
  dev,
  // Differs from dev in numbers only, so that what runs on one machine is what is deployed.
  local: {
    ...dev,
    stage: 'local',
    settleSeconds: 1,
    shortestWaitSeconds: 1,
    longestWaitSeconds: 5,
    runSlots: 2,
    transcodingJobs: 2,
    // Jobs queue for two cores; a four-hour recording is recognised in well under this.
    queueAllowanceSeconds: 2 * 3600,
    startTimeoutSeconds: 10,
    // Five deliveries of a poison message are over in under a minute.
    uploadVisibilitySeconds: 10,
    // The stand-in model only projects words: at equal weight it makes the ranking worse than words alone (measured).
    embeddingWeight: 0.1,
    embeddingConcurrency: 2,
    logRetentionDays: 7,
  },
  prod: {
    ...dev,
    stage: 'prod',
    runSlots: 20,
    transcodingJobs: 20,
    logRetentionDays: 365,
    apiRequestsPerSecond: 500,
    apiBurst: 1000,
    keepData: true,
  },
};

/**
 * Settings of the stage that `-c stage=` names.
 * @throws when there is no such stage
 */
export function settingsFor(stage: unknown): Settings {
  const known = stages.find((name) => name === stage);
  if (known === undefined) throw new Error(`stage must be ${stages.join(', ')}, got ${String(stage)}; choose one with -c stage=dev`);
  return settingsByStage[known];
}

/**
 * How long a run may hold a slot before others may take it: the three jobs that can follow one another (speech copy,
 * transcription, embedding), each with its wait and as much work as the longest recording makes, twice, since each may be tried again.
 */
export const longestRunSeconds = ({ queueAllowanceSeconds, longestRecordingSeconds }: Settings): number =>
  2 * 3 * (queueAllowanceSeconds + longestRecordingSeconds);
