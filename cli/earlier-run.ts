import { HeadObjectCommand, NotFound, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import type { LocalCloud } from '../local/local-cloud.ts';
import { stackOutput, uploadTarget } from './stack-outputs.ts';
import { uploadKeyFor, uploadNamedIn, type Uploaded } from './upload.ts';

/** The newest upload of a file under its name, if there is one. */
export async function findUpload(cloud: LocalCloud, file: string): Promise<Uploaded | undefined> {
  const { bucket, ...connection } = uploadTarget(cloud);
  const client = new S3Client(connection);
  const key = uploadKeyFor(file);
  try {
    const { VersionId } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { key, versionId: VersionId ?? '' };
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** A run of an earlier start. */
export interface EarlierRun {
  readonly name: string;
  readonly status: string;
}

/** The run that an upload has started, if it has. */
export async function findRun(cloud: LocalCloud, { key, versionId }: Uploaded): Promise<EarlierRun | undefined> {
  const { bucket: _bucket, ...connection } = uploadTarget(cloud);
  const client = new SFNClient(connection);
  try {
    for await (const { executions = [] } of paginateListExecutions(
      { client },
      { stateMachineArn: stackOutput(cloud, 'StateMachineArn') },
    )) {
      for (const { executionArn } of executions) {
        const { name = '', status = '', input = '' } = await client.send(new DescribeExecutionCommand({ executionArn }));
        const source = uploadNamedIn(input);
        if (source?.key === key && source.versionId === versionId) return { name, status };
      }
    }
    return undefined;
  } finally {
    client.destroy();
  }
}
