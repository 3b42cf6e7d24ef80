// How much memory a large upload costs the local cloud: node bench/upload-memory.ts [MEGABYTES]
// The file goes up as one PutObject and as a multipart upload; both are read back.
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { withCloud, type MeasuredCloud } from './support/measured-cloud.ts';

const MEGABYTE = 1_000_000;
const megabytes = Number(process.argv[2] ?? 300);
const chunk = randomBytes(MEGABYTE);
const recording = (): Readable => Readable.from(Array.from({ length: megabytes }, () => chunk));

await withCloud(async (cloud) => {
  const { endpoint, region, credentials, outputs } = cloud;
  const client = new S3Client({ endpoint, region, credentials });
  const Bucket = Object.values(outputs).find((stack) => 'UploadBucket' in stack)?.['UploadBucket'] ?? '';
  // Outside uploads/, so that no run starts.
  const put = new PutObjectCommand({ Bucket, Key: 'bench/put', Body: recording(), ContentLength: megabytes * MEGABYTE });
  await report(cloud, `PutObject of ${megabytes} MB`, () => client.send(put));
  const upload = new Upload({ client, params: { Bucket, Key: 'bench/multipart', Body: recording() } });
  await report(cloud, `multipart upload of ${megabytes} MB`, () => upload.done());
  await report(cloud, `GetObject of ${megabytes} MB`, async () => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'bench/multipart' }));
    for await (const bytes of Body as Readable) void bytes;
  });
});

async function report(cloud: MeasuredCloud, what: string, work: () => Promise<unknown>): Promise<void> {
  const before = cloud.residentMb();
  cloud.forgetPeak();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  console.log(`${what}: ${(cloud.peakMb() - before).toFixed(0)} MB above the ${before.toFixed(0)} MB before, in ${seconds.toFixed(1)} s`);
}
