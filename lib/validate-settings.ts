import { COST_TAG } from '../lambda/shared/cost-tag.ts';
import { priceClasses, stages, type Settings } from './settings.ts';

// What CloudWatch Logs accepts as a retention; anything else fails only at deployment.
const retentionsInDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** Least and most of every setting that is a whole number. */
const wholeNumbers = {
  settleSeconds: [0, 3600],
  shortestWaitSeconds: [1, 3600],
  longestWaitSeconds: [1, 3600],
  runSlots: [1, 500],
  transcodingJobs: [1, 100],
  longestRecordingSeconds: [60, 4 * 3600],
  largestUploadBytes: [1_000_000, 2_000_000_000],
  queueAllowanceSeconds: [60, 72 * 3600],
  uploadReceiveCount: [1, 1000],
  startConcurrency: [2, 1000],
  startTimeoutSeconds: [1, 900],
  uploadVisibilitySeconds: [1, 43_200],
  embeddingConcurrency: [1, 100],
  accessLogDays: [1, 3653],
  replacedUploadDays: [1, 3650],
  apiRequestsPerSecond: [1, 10_000],
  apiBurst: [1, 5000],
  originSecretNumber: [1, 50],
} as const satisfies Partial<Record<keyof Settings, readonly [least: number, most: number]>>;

/** Settings of a form that an expression describes, with an example of it. */
const forms = {
  languageCode: [/^[a-z]{2,3}-[A-Z]{2}$/, 'en-US'],
  embeddingModelId: [/^[a-z0-9-]+\.[a-z0-9.:-]+$/, 'amazon.titan-embed-text-v2:0'],
  domainName: [/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/, 'sermons.example.org'],
  certificateArn: [/^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/.+$/, 'arn:aws:acm:us-east-1:111122223333:certificate/ID'],
  webAclArn: [/^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/, 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/NAME/ID'],
  existingVpcId: [/^vpc-[0-9a-f]{8,17}$/, 'vpc-0123456789abcdef0'],
  permissionsBoundaryArn: [/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/, 'arn:aws:iam::111122223333:policy/NAME'],
} as const satisfies Partial<Record<keyof Settings, readonly [form: RegExp, example: string]>>;

/**
 * Checks the whole object.
 * @throws one error that lists every problem
 */
export function validateSettings(settings: Settings): Settings {
  const problems = [...numberProblems(settings), ...choiceProblems(settings), ...formProblems(settings), ...togetherProblems(settings)];
  if (problems.length > 0) throw new Error(`settings of stage ${settings.stage} do not hold:\n- ${problems.join('\n- ')}`);
  return settings;
}

function numberProblems(settings: Settings): readonly string[] {
  const problems = namesOf(wholeNumbers).flatMap((name) => {
    const [value, [least, most]] = [settings[name], wholeNumbers[name]];
    const holds = Number.isInteger(value) && value >= least && value <= most;
    return holds ? [] : [`${name} must be a whole number from ${least} to ${most}, got ${String(value)}`];
  });
  const within = (name: 'embeddingWeight' | 'shortestRecordingSeconds' | 'priceFactor', least: number, most: number): void => {
    if (!(settings[name] >= least && settings[name] <= most)) problems.push(`${name} must be ${least} to ${most}, got ${settings[name]}`);
  };
  within('embeddingWeight', 0, 1);
  within('shortestRecordingSeconds', 0.1, 60);
  within('priceFactor', 0.1, 10);
  if (settings.monthlyBudgetUsd !== undefined && !(settings.monthlyBudgetUsd > 0))
    problems.push(`monthlyBudgetUsd must be above 0, got ${settings.monthlyBudgetUsd}; leave it out for no budget`);
  return problems;
}

function choiceProblems(settings: Settings): readonly string[] {
  const choices = {
    stage: stages,
    embeddingDimensions: [256, 512, 1024],
    logRetentionDays: retentionsInDays,
    priceClass: priceClasses,
  } as const satisfies Partial<Record<keyof Settings, readonly unknown[]>>;
  return namesOf(choices).flatMap((name) => {
    const allowed: readonly unknown[] = choices[name];
    return allowed.includes(settings[name]) ? [] : [`${name} must be one of ${allowed.join(', ')}, got ${String(settings[name])}`];
  });
}

function formProblems(settings: Settings): readonly string[] {
  const problems = namesOf(forms).flatMap((name) => {
    const [value, [form, example]] = [settings[name], forms[name]];
    return value === undefined || form.test(value) ? [] : [`${name} must look like ${example}, got ${value}`];
  });
  // AWS Budgets writes to ten addresses at most.
  if (settings.alarmEmails.length > 10) problems.push(`alarmEmails must be at most 10 addresses, got ${settings.alarmEmails.length}`);
  for (const address of settings.alarmEmails)
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(address)) problems.push(`alarmEmails must look like operators@example.org, got ${address}`);
  for (const id of settings.existingSubnetIds ?? [])
    if (!/^subnet-[0-9a-f]{8,17}$/.test(id)) problems.push(`existingSubnetIds must look like subnet-0123456789abcdef0, got ${id}`);
  for (const [key, value] of Object.entries(settings.tags)) {
    if (!/^(?!aws:)[\w .:/=+@-]{1,128}$/.test(key) || !/^[\w .:/=+@-]{0,256}$/.test(value))
      problems.push(`tags must be letters, digits, spaces and _.:/=+-@ without the prefix aws:, got ${key}=${value}`);
    if (key === 'service' || key === 'stage' || key === COST_TAG) problems.push(`tags must leave ${key} to the app, got ${key}=${value}`);
  }
  return problems;
}

/** What must fit together. */
function togetherProblems(settings: Settings): readonly string[] {
  const problems: string[] = [];
  const atLeast = (name: 'longestWaitSeconds' | 'uploadVisibilitySeconds', other: 'shortestWaitSeconds' | 'startTimeoutSeconds'): void => {
    if (settings[name] < settings[other]) problems.push(`${name} must not be below ${other}, got ${settings[name]} and ${settings[other]}`);
  };
  atLeast('longestWaitSeconds', 'shortestWaitSeconds');
  atLeast('uploadVisibilitySeconds', 'startTimeoutSeconds');
  if (settings.monthlyBudgetUsd !== undefined && settings.alarmEmails.length === 0)
    problems.push('monthlyBudgetUsd needs alarmEmails: name somebody to write to');
  if ((settings.domainName === undefined) !== (settings.certificateArn === undefined))
    problems.push('domainName and certificateArn go together: give both, or neither');
  if ((settings.existingVpcId === undefined) !== ((settings.existingSubnetIds ?? []).length === 0))
    problems.push('existingVpcId and existingSubnetIds go together: give both, or neither');
  return problems;
}

/** The keys of an object that is written out above. */
const namesOf = <Name extends string>(object: Readonly<Record<Name, unknown>>): readonly Name[] =>
  // What is written out has no other keys.
  Object.keys(object) as Name[];
