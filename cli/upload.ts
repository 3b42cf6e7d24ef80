import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/** Where uploads go and who sends them. */
export interface UploadTarget {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly bucket: string;
}

/** An upload that the bucket has acknowledged. */
export interface Uploaded {
  readonly key: string;
  readonly versionId: string;
}

/** The key a file is uploaded under. */
export const uploadKeyFor = (file: string): string => `uploads/${basename(file)}`;

/** Streams a recording into the uploads bucket, as any S3 client would. */
export async function uploadRecording(target: UploadTarget, file: string): Promise<Uploaded> {
  const { endpoint, region, credentials, bucket } = target;
  const client = new S3Client({ endpoint, region, credentials });
  const key = uploadKeyFor(file);
  try {
    const upload = new Upload({ client, params: { Bucket: bucket, Key: key, Body: createReadStream(file) } });
    const { VersionId } = await upload.done();
    return { key, versionId: VersionId ?? '' };
  } finally {
    client.destroy();
  }
}

/** The upload that an execution's input names, if it is one of publish-sermon's. */
export function uploadNamedIn(input: string): Uploaded | undefined {
  const { source } = JSON.parse(input) as { source?: Partial<Uploaded> };
  return typeof source?.key === 'string' && typeof source.versionId === 'string'
    ? { key: source.key, versionId: source.versionId }
    : undefined;
}
