import { AwsError } from '../gateway/aws-error.ts';
import type { Members, Principal } from '../gateway/service.ts';
import { parseS3Url } from '../s3-files.ts';
import type { TranscriptionRecord, TranscriptionTag } from './job-record.ts';
import type { Recogniser } from './recogniser.ts';

const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  'TranscriptionJobName',
  'LanguageCode',
  'MediaSampleRateHertz',
  'MediaFormat',
  'Media',
  'OutputBucketName',
  'OutputKey',
  'JobExecutionSettings',
  'Tags',
]);

// As Transcribe's API reference says.
const MOST_TAGS = 200;

const FORMATS = ['mp3', 'mp4', 'wav', 'flac', 'ogg', 'amr', 'webm', 'm4a'];

/**
 * Checks StartTranscriptionJob's input as Transcribe does.
 * @throws AwsError BadRequestException, also for members that are not carried out here: nothing is ignored
 */
export function parseStart(input: Members, caller: Principal, recogniser: Recogniser): Omit<TranscriptionRecord, 'status' | 'createdAt'> {
  const unknown = Object.keys(input).find((name) => !KNOWN_MEMBERS.has(name) && input[name] !== undefined);
  if (unknown !== undefined) throw refused(`${unknown} is not carried out here; known are ${[...KNOWN_MEMBERS].join(', ')}`);
  const name = String(input['TranscriptionJobName'] ?? '');
  if (!/^[0-9A-Za-z._-]{1,200}$/.test(name)) {
    throw refused(`TranscriptionJobName must match ^[0-9a-zA-Z._-]+ and have at most 200 characters, got "${name}"`);
  }
  const languageCode = String(input['LanguageCode'] ?? '');
  if (!recogniser.knows(languageCode)) {
    throw refused(`LanguageCode "${languageCode}" is none that the local recogniser ${recogniser.id} knows; en-US is one`);
  }
  const mediaUrl = String(input['Media']?.['MediaFileUri'] ?? '');
  if (parseS3Url(mediaUrl) === undefined) throw refused(`Media.MediaFileUri must be s3://bucket/key, got "${mediaUrl}"`);
  return { name, languageCode, mediaUrl, ...claimsOf(input), output: outputOf(input, name), ...accessOf(input, caller), ...tagsOf(input) };
}

function claimsOf(input: Members): Pick<TranscriptionRecord, 'format' | 'sampleRate'> {
  const { MediaFormat: format, MediaSampleRateHertz: sampleRate } = input;
  if (format !== undefined && !FORMATS.includes(String(format)))
    throw refused(`MediaFormat must be one of ${FORMATS.join(', ')}, got "${String(format)}"`);
  if (sampleRate !== undefined && !(Number(sampleRate) >= 8000 && Number(sampleRate) <= 48_000)) {
    throw refused(`MediaSampleRateHertz must be 8000 to 48000, got ${String(sampleRate)}`);
  }
  return {
    ...(format === undefined ? {} : { format: String(format) }),
    ...(sampleRate === undefined ? {} : { sampleRate: Number(sampleRate) }),
  };
}

function tagsOf({ Tags: tags }: Members): Pick<TranscriptionRecord, 'tags'> {
  if (tags === undefined) return {};
  if (!Array.isArray(tags) || tags.length > MOST_TAGS || !tags.every(isTag))
    throw refused(`Tags must be at most ${MOST_TAGS} pairs of a Key and a Value, got ${JSON.stringify(tags)}`);
  return { tags };
}

const isTag = (tag: unknown): tag is TranscriptionTag =>
  typeof tag === 'object' && tag !== null && 'Key' in tag && typeof tag.Key === 'string' && 'Value' in tag && typeof tag.Value === 'string';

/** A key that does not end in `.json` is a folder, and the job's name the file in it. */
function outputOf(input: Members, name: string): TranscriptionRecord['output'] {
  const { OutputBucketName: bucket, OutputKey: key } = input;
  if (typeof bucket !== 'string' || bucket === '')
    throw refused('OutputBucketName is missing; the bucket that Transcribe itself owns does not exist here');
  if (key === undefined) return { bucket, key: `${name}.json` };
  const wanted = String(key);
  return { bucket, key: wanted.endsWith('.json') ? wanted : `${wanted.replace(/\/$/, '')}/${name}.json` };
}

function accessOf(input: Members, caller: Principal): Pick<TranscriptionRecord, 'accessArn' | 'accessKind' | 'deferrable'> {
  const settings: Members = input['JobExecutionSettings'] ?? {};
  const { AllowDeferredExecution: deferred, DataAccessRoleArn: roleArn } = settings;
  if ((deferred === true) !== (roleArn !== undefined)) {
    throw refused(
      'JobExecutionSettings must have AllowDeferredExecution and DataAccessRoleArn together: a job that waits cannot use the credentials of its caller',
    );
  }
  if (roleArn !== undefined) return { accessArn: String(roleArn), accessKind: 'role', deferrable: true };
  if (caller.kind === 'service') throw refused('a service must name a DataAccessRoleArn');
  return { accessArn: caller.arn, accessKind: caller.kind, deferrable: false };
}

function refused(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
