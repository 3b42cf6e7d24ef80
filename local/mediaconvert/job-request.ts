import {
  integer,
  mapOf,
  object,
  oneOf,
  optional,
  SettingsError,
  text,
  withDefault,
  type Parsed,
  type Parser,
} from '../../media/settings-parser.ts';
import { planTranscode } from '../../media/transcode-plan.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';

// The service's limit; it remembers a token for a minute.
const LONGEST_TOKEN = 64;

const settings: Parser<Members> = (value) => {
  planTranscode(value);
  // Kept as given, for GetJob to answer with; planTranscode has just gone through all of it.
  return value as Members;
};

const token: Parser<string> = (value, path) => {
  const given = text(value, path);
  if (given.length > LONGEST_TOKEN) throw new SettingsError(path, `Should be at most ${LONGEST_TOKEN} characters long`);
  return given;
};

const roleArn: Parser<string> = (value, path) => {
  const given = text(value, path);
  if (!/^arn:aws:iam::\d{12}:role\/.+/.test(given)) throw new SettingsError(path, 'Should be the ARN of an IAM role');
  return given;
};

const jobRequest = object({
  Role: roleArn,
  Settings: settings,
  Queue: optional(text),
  ClientRequestToken: optional(token),
  UserMetadata: optional(mapOf(text)),
  Tags: optional(mapOf(text)),
  Priority: withDefault(integer(-50, 50), 0),
  AccelerationSettings: withDefault(object({ Mode: oneOf('DISABLED', 'PREFERRED') }), { Mode: 'DISABLED' }),
  BillingTagsSource: withDefault(oneOf('QUEUE', 'PRESET', 'JOB_TEMPLATE', 'JOB'), 'QUEUE'),
  StatusUpdateInterval: withDefault(
    oneOf(
      'SECONDS_10',
      'SECONDS_12',
      'SECONDS_15',
      'SECONDS_20',
      'SECONDS_30',
      'SECONDS_60',
      'SECONDS_120',
      'SECONDS_180',
      'SECONDS_240',
      'SECONDS_300',
      'SECONDS_360',
      'SECONDS_420',
      'SECONDS_480',
      'SECONDS_540',
      'SECONDS_600',
    ),
    'SECONDS_60',
  ),
});

/** What CreateJob was asked for, checked. */
export type JobRequest = Parsed<typeof jobRequest>;

/** Checks CreateJob's input. @throws AwsError BadRequestException, which names the member by its path */
export function parseJobRequest(input: Members): JobRequest {
  try {
    return jobRequest(input, '');
  } catch (error) {
    if (error instanceof SettingsError) throw new AwsError('BadRequestException', error.message);
    throw error;
  }
}
