import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { MediaConvertClient, MediaConvertServiceException, ProbeCommand } from '@aws-sdk/client-mediaconvert';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openCatalogue, updateRow } from '../shared/catalogue.ts';
import { sermonKey } from '../shared/catalogue-rows.ts';
import { required, requiredInteger, requiredNumber } from '../shared/environment.ts';
import { logger, traced, workflowTask } from '../shared/observability.ts';
import type { WorkflowPayload } from '../shared/observability.ts';
import type { ClaimedSermon, ProbedSermon } from '../shared/sermon.ts';
import type { Finding } from './judge-audio.ts';
import { judgeAudio } from './judge-audio.ts';
import { hasMpegFrames } from './mpeg-frames.ts';
import { RangedObject } from './ranged-object.ts';
import { isMp4, sampleEntries } from './sample-entries.ts';
import { readTags } from './tags.ts';
import { taskLimits } from './task-limits.ts';

const bucket = required('MEDIA_BUCKET');
const catalogue = openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient({})));
const queueAllowanceSeconds = requiredInteger('QUEUE_ALLOWANCE_SECONDS');
const gates = { shortestSeconds: requiredNumber('SHORTEST_SECONDS'), longestSeconds: requiredNumber('LONGEST_SECONDS') };
const mediaConvert = traced(new MediaConvertClient({}));
const s3 = traced(new S3Client({}));

/** Bytes at the start that tell formats apart. */
const HEAD_BYTES = 16;

/** Statuses by which Probe says that it cannot read what it was given. */
const REFUSALS = [400, 422];

type Answer = Pick<ProbedSermon, 'audio' | 'tags' | 'limits'>;

/** Accepts or refuses the pinned upload by its content, and says what it is, what it is called and how long the tasks may take. */
export const handler = workflowTask<WorkflowPayload & { readonly sermon: ClaimedSermon }, Answer>(async ({ sermon, execution }) => {
  const object = pinned(sermon);
  const head = await object.read(0, HEAD_BYTES);
  const finding: Finding = {
    source: sermon.source,
    head,
    sampleEntries: isMp4(head) ? await sampleEntries(object) : [],
    probe: await doubted(await probe(sermon.sourceKey), object),
  };
  const audio = judgeAudio(finding, gates);
  const tags = await readTags(object, sermon.source.key, (error) => logger.warn('tags not read', { error: String(error) }));
  logger.info('upload accepted', {
    container: audio.container,
    codec: audio.codec,
    channels: audio.channels,
    durationSeconds: audio.durationSeconds,
  });
  await showTitle(sermon, execution.arn, tags.title);
  return { audio, tags, limits: taskLimits(audio.durationSeconds, queueAllowanceSeconds) };
});

function pinned({ sourceKey, source }: ClaimedSermon): RangedObject {
  return new RangedObject(source.sizeBytes, async (start, end) => {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: sourceKey, Range: `bytes=${start}-${end - 1}` }));
    return (await body?.transformToByteArray()) ?? new Uint8Array();
  });
}

/** A missing right, a missing copy or a throttled call is no word about the file. */
async function probe(key: string): Promise<Finding['probe']> {
  try {
    const { ProbeResults: [result] = [] } = await mediaConvert.send(
      new ProbeCommand({ InputFiles: [{ FileUrl: `s3://${bucket}/${key}` }] }),
    );
    return result?.Container === undefined ? { refusal: 'nothing was found in it' } : { container: result.Container };
  } catch (error) {
    const aboutTheFile = error instanceof MediaConvertServiceException && REFUSALS.includes(error.$metadata.httpStatusCode ?? 0);
    if (!aboutTheFile) throw error;
    // The service's words name our bucket and say nothing to an editor; the log keeps them.
    logger.info('probe refused', { refusal: error.message });
    return { refusal: 'it is no recording, or its beginning or its index is missing', cause: error };
  }
}

/** An MP3 is believed only when its frames are there. */
const doubted = async (found: Finding['probe'], object: RangedObject): Promise<Finding['probe']> =>
  'container' in found && found.container.Format === 'mp3' && !(await hasMpegFrames(object))
    ? { refusal: 'it holds no MPEG frames' }
    : found;

/** While a sermon is made for the first time, lists show its title rather than the file's name. */
async function showTitle({ sermonId }: ClaimedSermon, executionArn: string, title: string): Promise<void> {
  await updateRow(catalogue, sermonKey(sermonId), {
    update: 'SET title = :title ADD edition :one',
    condition: 'latestRun.executionArn = :me AND attribute_not_exists(publishedVersion)',
    values: { ':title': title, ':one': 1, ':me': executionArn },
  });
}
