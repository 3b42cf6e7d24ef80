/** Stages of the app; each has settings of its own and is synthesized alone. */
export const stages = ['local', 'dev', 'prod'] as const;
export type Stage = (typeof stages)[number];

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
  readonly logRetentionDays: number;
  /** Requests a second to the API, and how many more at once. */
  readonly apiRequestsPerSecond: number;
  readonly apiBurst: number;
  /**
   * Which secret CloudFront shows the API, 1 to 50. Another number generates another one; until the distribution is
   * deployed everywhere the API takes the one before it as well, so change it once at a time.
   */
  readonly originSecretNumber: number;
  /** Whether stored data outlives its stack, and the stacks refuse deletion. */
  readonly keepData: boolean;
}

const dev: Settings = {
  stage: 'dev',
  // Long enough for "wrong file, here is the right one", short against the minutes that a run takes.
  settleSeconds: 30,
  shortestWaitSeconds: 20,
  longestWaitSeconds: 300,
  runSlots: 5,
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
  apiRequestsPerSecond: 50,
  apiBurst: 100,
  originSecretNumber: 1,
  keepData: false,
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
  prod: { ...dev, stage: 'prod', runSlots: 20, logRetentionDays: 365, apiRequestsPerSecond: 500, apiBurst: 1000, keepData: true },
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

// What CloudWatch Logs accepts as a retention; anything else fails only at deployment.
const retentionsInDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/**
 * Checks the whole object.
 * @throws one error that lists every problem
 */
export function validateSettings(settings: Settings): Settings {
  const problems: string[] = [];
  const whole = (name: keyof Settings, least: number, most: number): void => {
    const value = settings[name];
    if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) {
      problems.push(`${name} must be a whole number from ${least} to ${most}, got ${String(value)}`);
    }
  };
  const within = (name: keyof Settings, allowed: readonly unknown[]): void => {
    if (!allowed.includes(settings[name])) problems.push(`${name} must be one of ${allowed.join(', ')}, got ${String(settings[name])}`);
  };
  within('stage', stages);
  whole('settleSeconds', 0, 3600);
  whole('shortestWaitSeconds', 1, 3600);
  whole('longestWaitSeconds', 1, 3600);
  whole('runSlots', 1, 500);
  whole('queueAllowanceSeconds', 60, 72 * 3600);
  whole('uploadReceiveCount', 1, 1000);
  whole('startConcurrency', 2, 1000);
  whole('startTimeoutSeconds', 1, 900);
  whole('uploadVisibilitySeconds', 1, 43_200);
  within('embeddingDimensions', [256, 512, 1024]);
  whole('embeddingConcurrency', 1, 100);
  within('logRetentionDays', retentionsInDays);
  whole('apiRequestsPerSecond', 1, 10_000);
  whole('apiBurst', 1, 5000);
  whole('originSecretNumber', 1, 50);
  if (settings.longestWaitSeconds < settings.shortestWaitSeconds) {
    problems.push(
      `longestWaitSeconds must not be below shortestWaitSeconds, got ${settings.longestWaitSeconds} and ${settings.shortestWaitSeconds}`,
    );
  }
  if (settings.uploadVisibilitySeconds < settings.startTimeoutSeconds) {
    problems.push(
      `uploadVisibilitySeconds must not be below startTimeoutSeconds, got ${settings.uploadVisibilitySeconds} and ${settings.startTimeoutSeconds}`,
    );
  }
  if (!(settings.embeddingWeight >= 0 && settings.embeddingWeight <= 1))
    problems.push(`embeddingWeight must be 0 to 1, got ${settings.embeddingWeight}`);
  if (!/^[a-z]{2,3}-[A-Z]{2}$/.test(settings.languageCode))
    problems.push(`languageCode must look like en-US, got ${settings.languageCode}`);
  if (problems.length > 0) throw new Error(`settings of stage ${settings.stage} do not hold:\n- ${problems.join('\n- ')}`);
  return settings;
}

/** Recordings are between these, in seconds. Transcribe refuses media over 4 h (service quota). */
export const recordingLimits = { shortestSeconds: 0.5, longestSeconds: 4 * 3600 } as const;

/** Transcribe refuses files over 2 GB (service quota), and a speech copy of a larger one would be of no recording under 4 h. */
export const maxUploadBytes = 2_000_000_000;

/**
 * How long a run may hold a slot before others may take it: the three jobs that can follow one another (speech copy,
 * transcription, embedding), each with its wait and four hours of work, twice, since each may be tried again.
 */
export const longestRunSeconds = ({ queueAllowanceSeconds }: Settings): number =>
  2 * 3 * (queueAllowanceSeconds + recordingLimits.longestSeconds);
