import { createHash } from 'node:crypto';
import type { DynamicReferences } from '../assembly/dynamic-references.ts';
import type { ResourceProvider } from '../assembly/resource-provider.ts';
import type { Cloud, CloudPart } from '../cloud.ts';
import { refuseUnknownProperties } from '../cloudfront/known-properties.ts';
import { AwsError } from '../gateway/aws-error.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import type { Service } from '../gateway/service.ts';
import { generateSecret } from './generate-secret.ts';
import { getSecretValue } from './get-secret-value.ts';
import { SecretTable } from './secret-table.ts';

/** The secrets of the local account, as the operations see them. */
export interface Secrets {
  readonly table: SecretTable;
  /** @throws AwsError ResourceNotFoundException when there is no such secret */
  arnOf(nameOrArn: string): string;
  nameOf(arn: string): string;
}

/** Secrets Manager: generated secrets of templates. Their values are made once and kept; a changed recipe makes a new one. */
export function createSecretsManager(
  cloud: Cloud,
): CloudPart & { readonly service: Service; readonly dynamicReferences: DynamicReferences } {
  const names = new Map<string, string>();
  const secrets: Secrets = {
    table: new SecretTable(cloud.store),
    arnOf: (nameOrArn) => {
      const arn = [...names].find(([known, name]) => known === nameOrArn || name === nameOrArn)?.[0];
      if (arn === undefined) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      return arn;
    },
    nameOf: (arn) => names.get(arn) ?? '',
  };
  return {
    resources: { 'AWS::SecretsManager::Secret': secretProvider(cloud, secrets.table, names) },
    service: {
      signingName: 'secretsmanager',
      codec: awsJson({ targetPrefix: 'secretsmanager', version: '1.1' }),
      operations: { GetSecretValue: getSecretValue(secrets) },
    },
    dynamicReferences: { secretsmanager: (reference) => referredValue(reference, secrets) },
  };
}

function secretProvider(cloud: Cloud, table: SecretTable, names: Map<string, string>): ResourceProvider {
  return ({ logicalId, physicalName, properties }) => {
    const where = `secret ${logicalId}`;
    refuseUnknownProperties(where, properties, ['Name', 'Description', 'GenerateSecretString', 'KmsKeyId', 'Tags']);
    const recipe: unknown = properties['GenerateSecretString'];
    if (typeof recipe !== 'object' || recipe === null)
      throw new Error(`${where} has no GenerateSecretString; the local cloud keeps generated secrets only`);
    const name = String(properties['Name'] ?? physicalName);
    // AWS adds six characters, so that a secret of the same name made later has another ARN.
    const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
    const arn = `arn:aws:secretsmanager:${cloud.region}:${cloud.accountId}:secret:${name}-${suffix}`;
    names.set(arn, name);
    table.ensure(arn, JSON.stringify(recipe), () => generateSecret(where, { ...recipe }));
    return { ref: arn, attributes: { Id: arn } };
  };
}

/** `<arn or name>:SecretString:::`, the form of a whole secret at its current stage. */
function referredValue(reference: string, secrets: Secrets): string {
  const [, secretId = '', rest = ''] = /^(arn:(?:[^:]*:){5}[^:]+|[^:]+)(?::(.*))?$/.exec(reference) ?? [];
  if (!/^(SecretString:*)?$/.test(rest))
    throw new Error(`{{resolve:secretsmanager:${reference}}}: the local cloud resolves whole secrets (:SecretString:::) only`);
  const version = secrets.table.find(secrets.arnOf(secretId), 'AWSCURRENT');
  if (version === undefined) throw new Error(`{{resolve:secretsmanager:${reference}}}: the secret has no value`);
  return version.value;
}
