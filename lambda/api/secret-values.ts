import { GetSecretValueCommand, ResourceNotFoundException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/**
 * The values of a secret that are good now: the current one, and the previous one while a rotation goes on.
 * @throws Error when the secret cannot be read or has no current value
 */
export async function readSecretValues(client: SecretsManagerClient, secretArn: string): Promise<readonly string[]> {
  const [current, previous] = await Promise.all([
    readStage(client, secretArn, 'AWSCURRENT'),
    readStage(client, secretArn, 'AWSPREVIOUS').catch((error: unknown) => {
      // A secret that was never rotated has no previous value.
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }),
  ]);
  if (current === undefined || current === '') throw new Error(`secret ${secretArn} holds no text; let Secrets Manager generate it again`);
  return previous === undefined ? [current] : [current, previous];
}

async function readStage(client: SecretsManagerClient, secretArn: string, stage: string): Promise<string | undefined> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn, VersionStage: stage }));
  return SecretString;
}
