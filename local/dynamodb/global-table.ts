import { isDeepStrictEqual } from 'node:util';
import type { ResourceProvider } from '../assembly/resource-provider.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import type { Dynalite, Table } from './dynalite.ts';
import type { TimeToLive } from './time-to-live.ts';

/**
 * Deploys `AWS::DynamoDB::GlobalTable`, which is what CDK's TableV2 makes. Point-in-time recovery, encryption, billing and
 * deletion protection are accepted and change nothing.
 * @throws Error for a stream, which dynalite does not write, and for keys or indexes that differ from the existing table's
 */
export function globalTableProvider(dynalite: Dynalite, timeToLive: TimeToLive): ResourceProvider {
  return async ({ properties, physicalName, logicalId }) => {
    const name = String(properties['TableName'] ?? physicalName);
    if (properties['StreamSpecification'] !== undefined) {
      throw new Error(`the table ${logicalId} has a stream, which the local cloud does not serve; remove it or replace it by events`);
    }
    const wanted = describeWanted(name, properties);
    let table = await describeTable(dynalite, name);
    if (table === undefined) {
      await dynalite.run('CreateTable', { ...wanted, BillingMode: 'PAY_PER_REQUEST' });
      table = await describeTable(dynalite, name);
    }
    if (table === undefined) throw new Error(`the table ${name} was made and is not there`);
    if (!isDeepStrictEqual(shapeOf(table), shapeOf(wanted))) {
      throw new Error(`the table ${name} exists with other keys or indexes than the template's; start once with --fresh to make it anew`);
    }
    if (table.TableStatus !== 'ACTIVE') await dynalite.activate(table);
    await dynalite.repairIndexes(table);
    const ttl = properties['TimeToLiveSpecification'] as { AttributeName?: string; Enabled?: boolean | string } | undefined;
    if (ttl?.AttributeName !== undefined && String(ttl.Enabled) === 'true') timeToLive.watch(name, ttl.AttributeName, keyNames(wanted));
    return { ref: name, attributes: { Arn: String(table['TableArn']), TableId: String(table['TableId']) } };
  };
}

async function describeTable(dynalite: Dynalite, TableName: string): Promise<Table | undefined> {
  try {
    const { Table } = await dynalite.run('DescribeTable', { TableName });
    return Table as Table;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function describeWanted(name: string, properties: Members): Members {
  const indexes = (properties['GlobalSecondaryIndexes'] ?? []) as readonly Members[];
  return {
    TableName: name,
    AttributeDefinitions: properties['AttributeDefinitions'] as unknown,
    KeySchema: properties['KeySchema'] as unknown,
    ...(indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: indexes.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection })),
        }),
  };
}

/** What cannot change while there are items. */
function shapeOf(table: Members): unknown {
  const indexes = ((table['GlobalSecondaryIndexes'] ?? []) as readonly Members[]).map(({ IndexName, KeySchema, Projection }) => ({
    IndexName: String(IndexName),
    KeySchema: KeySchema as unknown,
    Projection: Projection as unknown,
  }));
  return { KeySchema: table['KeySchema'] as unknown, indexes: indexes.toSorted((a, b) => (a.IndexName < b.IndexName ? -1 : 1)) };
}

function keyNames(table: Members): readonly string[] {
  return (table['KeySchema'] as readonly { readonly AttributeName: string }[]).map(({ AttributeName }) => AttributeName);
}
