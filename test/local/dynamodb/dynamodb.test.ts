import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Level } from 'level';
import { createDynamoDb, type DynamoDbPart } from '../../../local/dynamodb/dynamodb.ts';
import { BareCloud } from '../s3/bare-cloud.ts';

const TABLE = {
  AttributeDefinitions: ['pk', 'listing', 'listedAt'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byListing',
      KeySchema: [
        { AttributeName: 'listing', KeyType: 'HASH' },
        { AttributeName: 'listedAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  Replicas: [{ Region: 'us-east-1', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
};

let bare: BareCloud;
let part: DynamoDbPart;
let client: DynamoDBDocumentClient;

async function open(folder?: string): Promise<void> {
  bare = new BareCloud(folder);
  part = bare.add(createDynamoDb(bare.cloud));
  await bare.deploy('AWS::DynamoDB::GlobalTable', 'catalogue', TABLE);
  const endpoint = await bare.serve(part.service);
  const base = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  client = DynamoDBDocumentClient.from(base);
}

beforeEach(() => open());
afterEach(async () => {
  client.destroy();
  await bare.remove();
});

const put = (Item: Record<string, unknown>) => client.send(new PutCommand({ TableName: 'catalogue', Item }));
const get = async (pk: string) => (await client.send(new GetCommand({ TableName: 'catalogue', Key: { pk } }))).Item;

const listed = async () => {
  const { Items } = await client.send(
    new QueryCommand({
      TableName: 'catalogue',
      IndexName: 'byListing',
      KeyConditionExpression: 'listing = :l',
      ExpressionAttributeValues: { ':l': 'published' },
    }),
  );
  return Items?.map(({ pk }) => pk as string);
};

test('what was written is there after a restart, and listed by its index', async () => {
  await put({ pk: 'a', listing: 'published', listedAt: '2026-01-02' });
  await put({ pk: 'b', listing: 'published', listedAt: '2026-01-01' });
  await bare.stop();
  await open(bare.folder);
  expect(await listed()).toEqual(['b', 'a']);
});

test('an index entry that a crash left without its item is gone after a restart', async () => {
  await put({ pk: 'a', listing: 'published', listedAt: '2026-01-02' });
  await bare.stop();
  const level = new Level<string, unknown>(join(bare.folder, 'dynamodb'), { valueEncoding: 'json' });
  const [entry] = await level.iterator({ gte: 'index-global~', lt: 'index-global~~' }).all();
  await level.put(`${entry?.[0]}00`, entry?.[1]);
  await level.close();
  await open(bare.folder);
  expect(await listed()).toEqual(['a']);
});

test('a condition that does not hold is told by its name', async () => {
  await put({ pk: 'slot#1', holder: 'one' });
  const take = client.send(
    new UpdateCommand({
      TableName: 'catalogue',
      Key: { pk: 'slot#1' },
      UpdateExpression: 'SET holder = :me',
      ConditionExpression: 'attribute_not_exists(holder)',
      ExpressionAttributeValues: { ':me': 'two' },
    }),
  );
  await expect(take).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', $metadata: { httpStatusCode: 400 } });
});

test('at a start, items are deleted whose time is over, and only those', async () => {
  const now = Math.floor(Date.now() / 1000);
  await put({ pk: 'old', expiresAt: now - 60 });
  await put({ pk: 'young', expiresAt: now + 600 });
  await put({ pk: 'eternal' });
  await part.timeToLive.start();
  part.timeToLive.stop();
  expect([await get('old'), (await get('young'))?.['pk'], (await get('eternal'))?.['pk']]).toEqual([undefined, 'young', 'eternal']);
});

test('permissions name the table or the index', async () => {
  const { Query } = part.service.operations;
  expect(Query?.permissions({ TableName: 'catalogue', IndexName: 'byListing' })).toEqual([
    { action: 'dynamodb:Query', resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/catalogue/index/byListing' },
  ]);
});

test('an unknown table is ResourceNotFoundException', async () => {
  await expect(bare.call('dynamodb', 'GetItem', { TableName: 'nothing', Key: { pk: { S: 'a' } } })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
});
