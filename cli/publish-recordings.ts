import { basename } from 'node:path';
import { sermonIdFor } from '../lambda/shared/identity.ts';
import type { LocalCloud } from '../local/local-cloud.ts';
import { findRun, findUpload } from './earlier-run.ts';
import type { RunEnd } from './run-progress.ts';
import { RunWatch } from './run-watch.ts';
import { uploadTarget } from './stack-outputs.ts';
import { uploadRecording, type Uploaded } from './upload.ts';

export interface Recordings {
  readonly files: readonly string[];
  /** Leave alone what an earlier start has uploaded, unless it failed. @default false: a file is uploaded as a new version */
  readonly unlessPublished?: boolean;
}

/** Uploads recordings, shows their runs state by state, and resolves with the number that were not published. */
export async function publishRecordings(cloud: LocalCloud, { files, unlessPublished = false }: Recordings): Promise<number> {
  const watch = new RunWatch(cloud);
  try {
    const published = await Promise.all(files.map((file) => publishOne(cloud, watch, file, unlessPublished)));
    return published.filter((done) => !done).length;
  } finally {
    watch.stop();
  }
}

async function publishOne(cloud: LocalCloud, watch: RunWatch, file: string, unlessPublished: boolean): Promise<boolean> {
  const earlier = unlessPublished ? await findUpload(cloud, file) : undefined;
  const run = earlier && (await findRun(cloud, earlier));
  if (earlier !== undefined && run?.status === 'SUCCEEDED') {
    watch.say(`  ${basename(file)} is published: ${pageOf(cloud, earlier.key)}`);
    return true;
  }
  const goesOn = earlier !== undefined && (run === undefined || run.status === 'RUNNING');
  if (goesOn && run !== undefined) watch.learn(run.name, earlier);
  const uploaded = goesOn ? earlier : await uploadRecording(uploadTarget(cloud), file);
  watch.say(`  ${basename(file)} ${goesOn ? 'was uploaded before; its run goes on' : 'is uploaded'}`);
  const end = await watch.endOf(uploaded);
  watch.say(sentenceFor(cloud, uploaded, end));
  return end.succeeded;
}

function sentenceFor(cloud: LocalCloud, { key }: Uploaded, end: RunEnd): string {
  const name = basename(key);
  if (!end.succeeded) return `  ${name} is not published: ${end.error ?? 'the run was ended'}: ${plainCause(end.cause)}`;
  if (end.lastState === 'Superseded') return `  ${name} gave way to a newer upload of the same name`;
  return `  ${name} is published after ${end.seconds.toFixed(1)} s: ${pageOf(cloud, key)}`;
}

// A function's failure arrives as JSON; its message is the sentence that was written for people.
function plainCause(cause = ''): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) return String(parsed.errorMessage);
  } catch {
    // Not JSON: a plain text is what it is.
  }
  return cause;
}

const pageOf = ({ siteUrl }: LocalCloud, key: string): string => `${siteUrl}/sermons/${sermonIdFor(key)}`;
