import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bedrockClient } from '../../../../lambda/shared/search/bedrock.ts';
import { embedText } from '../../../../lambda/shared/search/embedder.ts';

let silent: Server;
beforeAll(async () => {
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

test('a model that falls silent is given up, so that a task never hangs on it', async () => {
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const config = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials, maxAttempts: 1 };
  const bedrock = bedrockClient(config, { connectionTimeout: 1000, socketTimeout: 50 });
  await expect(embedText(bedrock, { modelId: 'm', dimensions: 2 }, 'grace')).rejects.toMatchObject({ name: 'TimeoutError' });
  bedrock.destroy();
});
