import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagingCloud } from '../messaging-cloud.ts';

/** Deploys a function whose module is `code`; its role may do what `actions` say. */
export async function deployFunction(
  on: MessagingCloud,
  name: string,
  code: string,
  properties: Record<string, unknown> = {},
  actions: readonly string[] = ['sqs:*'],
) {
  const { folder } = on.cloud;
  const codeFolder = join(folder, 'code', name);
  mkdirSync(codeFolder, { recursive: true });
  writeFileSync(join(codeFolder, 'index.mjs'), code);
  writeFileSync(
    join(folder, `${name}.assets.json`),
    JSON.stringify({ files: { [name]: { source: { path: `code/${name}` }, destinations: { here: { objectKey: `${name}.zip` } } } } }),
  );
  on.cloud.assets.load(folder, `${name}.assets.json`);
  const roleArn = on.cloud.iam.defineRole(`${name}-role`);
  on.cloud.iam.attachPolicy(`${name}-role`, 'own', {
    Statement: [{ Effect: 'Allow', Action: [...actions], Resource: '*' }],
  });
  return on.deploy('AWS::Lambda::Function', name, {
    FunctionName: name,
    Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: roleArn,
    MemorySize: 256,
    Timeout: 20,
    ...properties,
  });
}

/** Waits for something that another process does; Jest's time limit ends a wait in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
