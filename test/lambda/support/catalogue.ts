import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Catalogue } from '../../../lambda/shared/catalogue.ts';
import { openCatalogue } from '../../../lambda/shared/catalogue.ts';
import type { ExecutionState, Executions } from '../../../lambda/shared/executions.ts';

/** dynalite's one function; it ships no types. */
const dynalite: (options: { readonly createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');

/** A catalogue in a DynamoDB of its own, in memory. */
export interface TestCatalogue {
  readonly catalogue: Catalogue;
  stop(): Promise<void>;
}

/** Starts dynalite on a free port with an empty table as the storage stack makes it. */
export async function startCatalogue(): Promise<TestCatalogue> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite has no port');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(
    new CreateTableCommand({
      TableName: 'catalogue',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'listing', 'listedAt'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
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
    }),
  );
  return {
    catalogue: openCatalogue('catalogue', client),
    stop: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Executions that a test declares; those it never declared do not exist. */
export class DeclaredExecutions implements Executions {
  readonly states = new Map<string, ExecutionState>();
  readonly stopped: string[] = [];

  running(...arns: readonly string[]): void {
    for (const arn of arns) this.states.set(arn, { ended: false });
  }

  ended(arn: string, end: Partial<Extract<ExecutionState, { ended: true }>> = {}): void {
    this.states.set(arn, { ended: true, status: 'FAILED', ...end });
  }

  async describe(arn: string): Promise<ExecutionState> {
    return this.states.get(arn) ?? { ended: true, status: 'GONE' };
  }

  async stop(arn: string, { error, cause }: { readonly error: string; readonly cause: string }): Promise<void> {
    this.stopped.push(arn);
    this.ended(arn, { status: 'ABORTED', error, cause });
  }
}
