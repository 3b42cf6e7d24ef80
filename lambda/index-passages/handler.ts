import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { S3VectorsClient } from '@aws-sdk/client-s3vectors';
import { openCatalogue, readSermon } from '../shared/catalogue.ts';
import { required } from '../shared/environment.ts';
import { count, logger, traced, type WorkflowPayload, workflowTask } from '../shared/observability.ts';
import type { Embedded, Indexed, ProbedSermon, Transcripted } from '../shared/sermon.ts';
import { indexPassages } from './index-passages.ts';

interface Payload extends WorkflowPayload {
  readonly sermon: ProbedSermon & Transcripted & Embedded;
}

const catalogue = openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient()));
const ports = {
  s3: traced(new S3Client()),
  mediaBucket: required('MEDIA_BUCKET'),
  vectors: traced(new S3VectorsClient()),
  vectorIndexArn: required('VECTOR_INDEX_ARN'),
  publishedRun: async (sermonId: string) => {
    const row = await readSermon(catalogue, sermonId);
    const [version, revision] = [row?.publishedVersion, row?.publishedRevision];
    return version === undefined || revision === undefined ? undefined : { version, revision };
  },
};

/** Makes a sermon's passages findable by words and by meaning. Listeners find them once the run is published. */
export const handler = workflowTask<Payload, Indexed>(async ({ sermon }, context) => {
  if (!sermon.transcript.hasSpeech) throw new Error('a sermon without speech has no passages; the workflow must not come here');
  const request = { passagesKey: sermon.transcript.passagesKey, embeddingsKey: sermon.embeddingsKey, tags: sermon.tags };
  const { embedding, ...indexed } = await indexPassages(request, ports, {
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
  });
  logger.info('passages indexed', indexed);
  count('PassagesIndexed', indexed.passages);
  return embedding === undefined ? {} : { embedding };
});
