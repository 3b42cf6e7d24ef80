import { join } from 'node:path';
import type { Cloud, CloudPart } from '../cloud.ts';
import { awsJson } from '../gateway/codecs/aws-json.ts';
import type { Members, Operation, Permission, Service } from '../gateway/service.ts';
import { Dynalite } from './dynalite.ts';
import { globalTableProvider } from './global-table.ts';
import { TablePermissions } from './permissions.ts';
import { TimeToLive } from './time-to-live.ts';

export interface DynamoDbPart extends CloudPart {
  readonly service: Service;
  /** Deletes items whose time to live is over; it also runs once an hour. */
  readonly timeToLive: TimeToLive;
}

/**
 * DynamoDB: dynalite behind the gateway. Its LevelDB is a database of its own: a write here and a write in the store are
 * never one transaction. Members are those of the JSON API, so binary values are base64 text.
 */
export function createDynamoDb(cloud: Cloud): DynamoDbPart {
  const dynalite = new Dynalite({ folder: join(cloud.folder, 'dynamodb'), accountId: cloud.accountId, region: cloud.region });
  const timeToLive = new TimeToLive(dynalite, (error) => cloud.warn('expired items were not deleted', { error: String(error) }));
  const permissions = new TablePermissions(cloud.region, cloud.accountId);
  const operation = (name: string, allowed: (input: Members) => readonly Permission[]): Record<string, Operation> => ({
    [name]: { permissions: allowed, run: (input) => dynalite.run(name, input) },
  });
  const onOneTable = (name: string): Record<string, Operation> => operation(name, permissions.oneTable(name));
  return {
    timeToLive,
    resources: { 'AWS::DynamoDB::GlobalTable': globalTableProvider(dynalite, timeToLive) },
    service: {
      signingName: 'dynamodb',
      codec: awsJson({ targetPrefix: 'DynamoDB_20120810', version: '1.0' }),
      operations: {
        ...onOneTable('GetItem'),
        ...onOneTable('PutItem'),
        ...onOneTable('UpdateItem'),
        ...onOneTable('DeleteItem'),
        ...onOneTable('Query'),
        ...operation('BatchGetItem', permissions.batchGet),
        ...operation('ListTables', () => [{ action: 'dynamodb:ListTables', resource: '*' }]),
      },
    },
    start: () => timeToLive.start(),
    async stop() {
      timeToLive.stop();
      await dynalite.close();
    },
  };
}
