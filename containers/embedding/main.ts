import { S3Client } from '@aws-sdk/client-s3';
import { Logger } from '@aws-lambda-powertools/logger';
import { CALL_TIMEOUTS } from '../../lambda/shared/call-timeouts.ts';
import { required, requiredInteger } from '../../lambda/shared/environment.ts';
import { bedrockClient } from '../../lambda/shared/search/bedrock.ts';
import { embedText } from '../../lambda/shared/search/embedder.ts';
import type { PassagesFile } from '../../lambda/shared/search/passages.ts';
import { workKeys } from '../../lambda/shared/storage-keys.ts';
import { readText, readTextIfThere, writeJson } from '../../lambda/shared/stored-objects.ts';
import type { Checkpoint } from './checkpoint.ts';
import { embedPassages } from './embed-passages.ts';
import { parseSermon } from './sermon-variable.ts';

/** An interrupted task loses at most this many calls: a fifth of a usual sermon. */
const CHECKPOINT_EVERY = 10;
/** What shells and ECS call the end by SIGTERM: 128 + 15. */
const TERMINATED = 143;

const logger = new Logger({ serviceName: 'pulpit' });
const stop = new AbortController();
process.once('SIGTERM', () =>
  stop.abort(new Error('told to stop (SIGTERM): Fargate takes its capacity back or the run was stopped; the checkpoint is kept')),
);

async function run(): Promise<void> {
  const sermon = parseSermon(required('SERMON'));
  logger.appendKeys({ sermonId: sermon.sermonId, execution: required('EXECUTION_NAME') });
  const bucket = required('MEDIA_BUCKET');
  const model = { modelId: required('EMBEDDING_MODEL_ID'), dimensions: requiredInteger('EMBEDDING_DIMENSIONS') };
  const concurrency = requiredInteger('EMBEDDING_CONCURRENCY');
  if (concurrency < 1) throw new Error(`EMBEDDING_CONCURRENCY must be 1 or more, got ${concurrency}`);
  const s3 = new S3Client({ requestHandler: { ...CALL_TIMEOUTS } });
  // Titan is limited by requests a minute for the whole account: the client slows down to what it is given.
  const bedrock = bedrockClient({ retryMode: 'adaptive', maxAttempts: 10 });
  const keys = workKeys(sermon);

  // The files below were written by our own code under keys of this very run.
  const { passages } = JSON.parse(await readText(s3, { bucket, key: sermon.passagesKey })) as PassagesFile;
  logger.info('embedding begins', { passages: passages.length, modelId: model.modelId, concurrency });
  const { file, resumed } = await embedPassages(
    passages,
    { model, concurrency, checkpointEvery: CHECKPOINT_EVERY, signal: stop.signal },
    {
      embed: (text, signal) => embedText(bedrock, model, text, signal),
      loadCheckpoint: async () => {
        const json = await readTextIfThere(s3, { bucket, key: keys.embeddingCheckpoint });
        return json === undefined ? undefined : (JSON.parse(json) as Checkpoint);
      },
      saveCheckpoint: (checkpoint) => writeJson(s3, { bucket, key: keys.embeddingCheckpoint }, checkpoint),
      taskSeconds: () => process.uptime(),
    },
  );
  await writeJson(s3, { bucket, key: keys.embeddings }, file);
  logger.info('embedding done', { vectors: file.vectors.length, resumed, ...file.usage });
}

try {
  await run();
} catch (error) {
  logger.error('embedding failed', error instanceof Error ? error : new Error(String(error)));
  process.exitCode = stop.signal.aborted ? TERMINATED : 1;
}
