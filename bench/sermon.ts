// One recording through the whole local cloud: node bench/sermon.ts [RECORDING]
// Time from the end of the upload to the end of the run, and the highest memory of the cloud and everything it starts.
import { join, resolve } from 'node:path';
import { uploadRecording } from '../cli/upload.ts';
import { probeMedia } from '../media/probe-media.ts';
import { withCloud } from './support/measured-cloud.ts';

const SAMPLING_MS = 100;
const recording = resolve(process.argv[2] ?? join(import.meta.dirname, '../sample/a-time-for-everything.mp3'));

await withCloud(async (cloud) => {
  const { endpoint, region, credentials, outputs } = cloud;
  const bucket = Object.values(outputs).find((stack) => 'UploadBucket' in stack)?.['UploadBucket'] ?? '';
  const idle = cloud.residentMb();
  await uploadRecording({ endpoint, region, credentials, bucket }, recording);
  const began = performance.now();
  let highest = 0;
  const sampling = setInterval(() => (highest = Math.max(highest, cloud.groupMb())), SAMPLING_MS);
  const end = await cloud.executionEnd();
  clearInterval(sampling);
  const wall = (performance.now() - began) / 1000;
  const { durationSeconds } = await probeMedia(recording);
  console.log(`${recording}: ${end} ${wall.toFixed(1)} s after the upload, ${(durationSeconds / wall).toFixed(1)} times real time`);
  console.log(
    `memory: the cloud itself ${idle.toFixed(0)} MB idle, ${cloud.peakMb().toFixed(0)} MB at most; with all its children ${highest.toFixed(0)} MB at most`,
  );
});
