import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readSecretValues } from '../../../lambda/api/secret-values.ts';
import { resolveDynamicReferences } from '../../../local/assembly/dynamic-references.ts';
import type { Cloud } from '../../../local/cloud.ts';
import { Gateway } from '../../../local/gateway/gateway.ts';
import { Iam } from '../../../local/gateway/iam/iam.ts';
import { createSecretsManager } from '../../../local/secretsmanager/secretsmanager.ts';
import { Store } from '../../../local/store/store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const read = (secretArn: string): Promise<readonly string[]> => readSecretValues(client, secretArn);
const RECIPE = { ExcludePunctuation: true, PasswordLength: 49 };
let client: SecretsManagerClient;
let folder: string;
let close: () => void;
let secrets: ReturnType<typeof createSecretsManager>;

/** Secrets behind the real gateway, which checks signatures and policies, with a role that may read them. */
async function open(): Promise<void> {
  const store = new Store({ folder, synchronous: 'NORMAL' });
  const iam = new Iam(store, '000000000000');
  const gateway = new Gateway({ store, iam, warn: () => undefined });
  secrets = createSecretsManager({ accountId: '000000000000', region: 'us-east-1', store, iam } as Cloud);
  gateway.add(secrets.service);
  const role = iam.defineRole('reader');
  const Statement = [{ Effect: 'Allow' as const, Action: 'secretsmanager:GetSecretValue', Resource: '*' }];
  iam.attachPolicy('reader', 'read', { Statement });
  const endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
  client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials: iam.credentialsFor(role), maxAttempts: 1 });
  close = () => {
    gateway.close();
    store.close();
  };
}

async function deploy(recipe: object): Promise<string> {
  const provider = secrets.resources?.['AWS::SecretsManager::Secret'];
  const request = { type: 'AWS::SecretsManager::Secret', stackName: 'S', logicalId: 'Origin', physicalName: 'origin' };
  const { ref = '' } = (await provider?.({ ...request, properties: { GenerateSecretString: recipe } })) ?? {};
  return ref;
}

beforeEach(() => {
  folder = tempFolder();
  return open();
});
afterEach(() => {
  close();
});

test('a secret is made by its recipe, and stays the same when the cloud starts again', async () => {
  const first = await read(await deploy(RECIPE));
  expect(first).toEqual([expect.stringMatching(/^[A-Za-z0-9]{49}$/)]);
  close();
  await open();
  expect(await read(await deploy(RECIPE))).toEqual(first);
});

test('another recipe makes another value, and the one before stays good', async () => {
  const [first] = await read(await deploy(RECIPE));
  const [second, previous] = await read(await deploy({ ...RECIPE, PasswordLength: 50 }));
  expect([second?.length, previous]).toEqual([50, first]);
});

test('a secret that is not there cannot be read', async () => {
  await expect(read('missing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a dynamic reference stands for the current value, also within a text', async () => {
  const secretArn = await deploy(RECIPE);
  const [value] = await read(secretArn);
  const properties = { headers: [{ value: `{{resolve:secretsmanager:${secretArn}:SecretString:::}}` }] };
  expect(resolveDynamicReferences(properties, secrets.dynamicReferences)).toEqual({ headers: [{ value }] });
});

test('references to other services are refused by name', () => {
  expect(() => resolveDynamicReferences('{{resolve:ssm:/a/b}}', secrets.dynamicReferences)).toThrow(
    'the template uses {{resolve:ssm:/a/b}}; the local cloud resolves references to secretsmanager',
  );
});

test('a recipe that is not known is refused by name', async () => {
  await expect(deploy({ SecretStringTemplate: '{}' })).rejects.toThrow('does not know the property SecretStringTemplate');
});
