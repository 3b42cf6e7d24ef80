import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { QueryVectorsCommand, S3VectorsClient } from '@aws-sdk/client-s3vectors';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { openCatalogue, readSermon } from '../shared/catalogue.ts';
import { required, requiredInteger, requiredNumber } from '../shared/environment.ts';
import { count, logger, observed, traced } from '../shared/observability.ts';
import { ORIGIN_HEADER } from '../shared/origin-header.ts';
import { bedrockClient } from '../shared/search/bedrock.ts';
import { embedText } from '../shared/search/embedder.ts';
import { publishedKeys, SHARD_KEY } from '../shared/storage-keys.ts';
import { readText } from '../shared/stored-objects.ts';
import { CachedShard } from './cached-shard.ts';
import { listSermons, publishedRuns } from './library.ts';
import { OriginCheck } from './origin-check.ts';
import { refuseRequest } from './problems.ts';
import { answerRequest, createRouter } from './router.ts';
import { type NearPassage, searchLibrary } from './search.ts';
import { readSecretValues } from './secret-values.ts';

/** S3 Vectors answers with at most 100 nearest. */
const NEAREST = 100;
/** Meaning that takes longer than this is left out; words have answered long before. */
const MEANING_MILLISECONDS = 3000;

const bucket = required('MEDIA_BUCKET');
const vectorIndexArn = required('VECTOR_INDEX_ARN');
const model = { modelId: required('EMBEDDING_MODEL_ID'), dimensions: requiredInteger('EMBEDDING_DIMENSIONS') };
const vectorWeight = requiredNumber('EMBEDDING_WEIGHT');
const catalogue = openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient()));
const s3 = traced(new S3Client());
const bedrock = traced(bedrockClient());
const vectors = traced(new S3VectorsClient());
const originSecretArn = required('ORIGIN_SECRET_ARN');
const secrets = traced(new SecretsManagerClient());
const origin = new OriginCheck(() => readSecretValues(secrets, originSecretArn));
const shard = new CachedShard(s3, { bucket, key: SHARD_KEY });

async function nearest(query: string): Promise<readonly NearPassage[]> {
  const abortSignal = AbortSignal.timeout(MEANING_MILLISECONDS);
  const queryVector = { float32: (await embedText(bedrock, model, query, abortSignal)).vector };
  const answer = await vectors.send(
    new QueryVectorsCommand({ indexArn: vectorIndexArn, topK: NEAREST, queryVector, returnDistance: true }),
    { abortSignal },
  );
  return (answer.vectors ?? []).flatMap(({ key, distance }) => (key === undefined || distance === undefined ? [] : [{ key, distance }]));
}

const router = createRouter({
  list: (statuses, after, limit) => listSermons(catalogue, statuses, after, limit),
  sermon: (sermonId) => readSermon(catalogue, sermonId),
  transcript: (run) => readText(s3, { bucket, key: publishedKeys(run).transcript }),
  search: async (request) => {
    const result = await searchLibrary(request, {
      shard: () => shard.current(),
      nearest,
      published: (sermonIds) => publishedRuns(catalogue, sermonIds),
      vectorWeight,
      warn: (message, error) => logger.warn(message, error instanceof Error ? error : new Error(String(error))),
    });
    // What was asked is nobody's business; how well it was answered is.
    logger.info('searched', {
      view: request.view,
      queryLength: request.query.length,
      hits: result.items.length,
      degraded: result.degraded,
    });
    count('Searches');
    if (result.items.length === 0) count('SearchesWithoutHit');
    return result;
  },
  logger: {
    error: (message, error) => logger.error(message, error),
    warn: (message) => logger.warn(message),
    debug: (message) => logger.debug(message),
  },
});

/** Answers /v1/*: the library, one sermon, its transcript, and search; to requests that came through CloudFront only. */
export const handler = observed<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(
  ({ rawPath, requestContext }) => ({ path: rawPath, method: requestContext.http.method }),
  async (event, context) =>
    (await origin.accepts(event.headers[ORIGIN_HEADER])) ? answerRequest(router, event, context) : refuseRequest(event),
);
