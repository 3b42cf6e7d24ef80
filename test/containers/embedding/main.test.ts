import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EmbeddingsFile, PassagesFile } from '../../../lambda/shared/search/passages.ts';
import { type JsonService, startJsonService } from '../../support/json-service.ts';
import { type ObjectStore, startObjectStore } from '../../support/object-store.ts';

let store: ObjectStore;
let bedrock: JsonService;
let embedded: string[];
let beforeAnswer: () => Promise<void> | void;

beforeAll(async () => {
  store = await startObjectStore();
  bedrock = await startJsonService({
    invoke: async ({ inputText, dimensions, normalize }) => {
      await beforeAnswer();
      embedded.push(String(inputText));
      expect([dimensions, normalize]).toEqual([4, true]);
      return { embedding: [1, 0, 0, 0], inputTextTokenCount: 3 };
    },
  });
});
afterAll(() => Promise.all([store.stop(), bedrock.stop()]));

const PREFIX = 'work/grace/01/0';
const passages: PassagesFile = {
  sermonId: 'grace',
  version: '01',
  revision: 0,
  language: 'en-US',
  passages: Array.from({ length: 30 }, (_, ordinal) => ({
    ordinal,
    startSeconds: 0,
    endSeconds: 1,
    text: `passage ${ordinal}`,
    sentences: [],
  })),
};

/** Runs the container's entry point as ECS does: settings in the environment, one process, its end in the exit code. */
function runTask(): { readonly child: ChildProcess; readonly ended: Promise<{ code: number | null; lines: Record<string, unknown>[] }> } {
  const child = spawn(process.execPath, ['containers/embedding/main.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_S3: store.endpoint,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.clientConfig.endpoint,
      SERMON: JSON.stringify({
        sermonId: 'grace',
        version: '01',
        revision: 0,
        transcript: { hasSpeech: true, passagesKey: `${PREFIX}/passages.json` },
      }),
      EXECUTION_NAME: 'grace-run',
      MEDIA_BUCKET: 'media',
      EMBEDDING_MODEL_ID: 'amazon.titan-embed-text-v2:0',
      EMBEDDING_DIMENSIONS: '4',
      EMBEDDING_CONCURRENCY: '2',
    },
  });
  const output = Promise.all([text(child.stdout ?? []), text(child.stderr ?? [])]);
  const ended = once(child, 'exit').then(async ([code]) => ({
    code: code as number | null,
    lines: (await output)
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  }));
  return { child, ended };
}

test('a task that Fargate takes away keeps what it has paid for, and the next one finishes the rest', async () => {
  store.objects.set(`${PREFIX}/passages.json`, Buffer.from(JSON.stringify(passages)));
  embedded = [];
  const first = runTask();
  let asked = 0;
  beforeAnswer = () => {
    asked += 1;
    if (asked <= 14) return undefined;
    // Both workers wait for the model, so all earlier answers have arrived.
    if (asked === 16) first.child.kill('SIGTERM');
    return new Promise(() => undefined);
  };
  const interrupted = await first.ended;
  expect(interrupted.code).toBe(143);
  expect(interrupted.lines.at(-1)).toMatchObject({ level: 'ERROR', sermonId: 'grace', execution: 'grace-run' });
  expect(store.objects.has(`${PREFIX}/embeddings.json`)).toBe(false);

  beforeAnswer = () => undefined;
  const { code, lines } = await runTask().ended;
  expect(code).toBe(0);
  expect(lines.at(-1)).toMatchObject({ message: 'embedding done', sermonId: 'grace', execution: 'grace-run', vectors: 30, resumed: 14 });
  expect(embedded.toSorted()).toEqual(passages.passages.map((passage) => passage.text).toSorted());
  const file = JSON.parse(String(store.objects.get(`${PREFIX}/embeddings.json`))) as EmbeddingsFile;
  expect(file).toMatchObject({ modelId: 'amazon.titan-embed-text-v2:0', dimensions: 4, usage: { inputTokens: 90 } });
  expect(file.vectors.map(({ ordinal }) => ordinal)).toEqual([...passages.passages.keys()]);
});

test('a task whose passages are missing ends with 1 and one clear line', async () => {
  store.objects.clear();
  const { code, lines } = await runTask().ended;
  expect(code).toBe(1);
  expect(lines.at(-1)).toMatchObject({ level: 'ERROR', message: 'embedding failed', error: { name: 'NoSuchKey' } });
});
