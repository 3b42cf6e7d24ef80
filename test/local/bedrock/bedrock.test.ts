import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createBedrock } from '../../../local/bedrock/bedrock.ts';
import { BareCloud } from '../s3/bare-cloud.ts';

const bare = new BareCloud();
let client: BedrockRuntimeClient;
let endpoint: string;

beforeAll(async () => {
  endpoint = await bare.serve(createBedrock(bare.cloud).service);
  // The client speaks HTTP/2 by default, which this bare server does not.
  const requestHandler = new NodeHttpHandler();
  client = new BedrockRuntimeClient({
    requestHandler,
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
afterAll(async () => {
  client.destroy();
  await bare.remove();
});

async function embed(inputText: string, more: object = {}, modelId = 'amazon.titan-embed-text-v2:0'): Promise<number[]> {
  const body = JSON.stringify({ inputText, dimensions: 512, normalize: true, ...more });
  const answer = await client.send(new InvokeModelCommand({ modelId, body, contentType: 'application/json' }));
  const { embedding, embeddingsByType, inputTextTokenCount } = JSON.parse(answer.body.transformToString());
  expect([embeddingsByType.float, inputTextTokenCount > 0]).toEqual([embedding, true]);
  return embedding;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

test('a text always gets the same vector, of the length asked for', async () => {
  const [first, second] = [await embed('The Lord is my shepherd'), await embed('The Lord is my shepherd')];
  expect([first.length, first]).toEqual([512, second]);
  expect(dot(first, first)).toBeCloseTo(1, 6);
  expect(await embed('grace', { dimensions: 256 })).toHaveLength(256);
});

test('texts about the same thing are nearer than others', async () => {
  const query = await embed('shepherds and their flocks');
  const near = await embed('The Lord is my shepherd; he leads his flock beside still waters');
  const far = await embed('The builders who refused the stone had counted the cost of the tower');
  expect(dot(query, near)).toBeGreaterThan(dot(query, far) + 0.1);
});

test('every answer says that no model made it', async () => {
  const path = encodeURIComponent('amazon.titan-embed-text-v2:0');
  const answer = await fetch(`${endpoint}/model/${path}/invoke`, { method: 'POST', body: '{"inputText":"grace"}' });
  expect(answer.headers.get('x-pulpit-stand-in')).toMatch('no model');
});

test.each([
  ['another model', 'x', {}, 'anthropic.claude'],
  ['an impossible dimension', 'x', { dimensions: 300 }, undefined],
  ['no text', '', {}, undefined],
  ['over 8,192 tokens', 'word '.repeat(8000), {}, undefined],
])('%s is refused', async (_what, text, more, model) => {
  await expect(embed(text, more, model)).rejects.toMatchObject({ name: 'ValidationException' });
});
