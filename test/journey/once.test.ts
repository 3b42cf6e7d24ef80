import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { assembly, startCloud } from '../support/local-cloud.ts';
import { spoken } from '../support/recordings.ts';
import { tempFolder } from '../support/temp-folder.ts';

const state = join(tempFolder(), 'state');
const good = spoken('Peace be with you.');
const long = spoken('Peace be with you. '.repeat(8));
const MOST_BYTES = 200_000;

let lowered: string;

/** The assembly with one number changed: nobody has to upload 2 GB to find out what happens to them. */
beforeAll(async () => {
  lowered = join(tempFolder(), 'assembly');
  cpSync(await assembly(), lowered, { recursive: true });
  const template = join(lowered, 'Pulpit-local-Service.template.json');
  const text = readFileSync(template, 'utf8');
  expect(text).toMatch(/"MAX_UPLOAD_BYTES": "\d+"/);
  writeFileSync(template, text.replace(/"MAX_UPLOAD_BYTES": "\d+"/, `"MAX_UPLOAD_BYTES": "${MOST_BYTES}"`));
  expect(readFileSync(good).length).toBeLessThan(MOST_BYTES);
  expect(readFileSync(long).length).toBeGreaterThan(MOST_BYTES);
}, 120_000);

test('npm start -- --once ends with 0 when the recording is published', async () => {
  const cloud = await startCloud({ state, words: ['--once', good], env: { PULPIT_ASSEMBLY: lowered } });
  expect(await cloud.ended).toBe(0);
  expect(cloud.lines.join('\n')).toMatch(/is published after/);
}, 120_000);

test('npm start -- --once ends with 1 and says why in a sentence when a recording is refused', async () => {
  const cloud = await startCloud({ state, words: ['--once', long], env: { PULPIT_ASSEMBLY: lowered } });
  expect(await cloud.ended).toBe(1);
  expect(cloud.lines.join('\n')).toMatch(
    new RegExp(`is not published: TooLargeError: the upload uploads/\\S+ has \\d+ bytes, at most ${MOST_BYTES} are allowed; export it`),
  );
}, 120_000);
