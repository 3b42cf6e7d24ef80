import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startCloud } from '../support/local-cloud.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a run that Ctrl-C interrupts, in whichever state, goes on at the next start', async () => {
  const state = join(tempFolder(), 'state');
  const lines: string[] = [];
  const moments = [
    /Claim the sermon +running/,
    /Probe audio +running/,
    /Transcode to HLS +running/,
    /Start transcription +waiting/,
    /Build transcript +running/,
  ];
  for (const moment of moments) {
    const cloud = await startCloud({ state });
    await cloud.line(moment);
    // What a shell reports of a program that Ctrl-C has ended.
    expect(await cloud.interrupt()).toBe(130);
    lines.push(...cloud.lines);
  }
  const last = await startCloud({ state, words: ['--once'] });
  expect(await last.ended).toBe(0);
  lines.push(...last.lines);
  expect(last.lines.join('\n')).toMatch(/its run goes on[^]*is published after/);
  // What was done before an interruption is not done again.
  const done = lines.flatMap((line) => /✓ \S+ +(.+?) +done/.exec(line)?.[1] ?? []);
  expect(done).toEqual([...new Set(done)]);
  expect(lines.filter((line) => /^\s+[!✗]|Error|\bat .*\.ts:/.test(line))).toEqual([]);

  const again = await startCloud({ state, words: ['--once'] });
  expect(await again.ended).toBe(0);
  expect(again.lines.join('\n')).toMatch(/is published: http/);
}, 240_000);

test('a second start on the same state folder, or on a port in use, ends with one sentence that says what to do', async () => {
  const state = join(tempFolder(), 'state');
  const first = await startCloud({ state });
  const { endpoint, siteUrl } = await first.addresses();
  const elsewhere = join(tempFolder(), 'elsewhere');
  const refused = await Promise.all([
    startCloud({ state }),
    startCloud({ state: elsewhere, env: { PULPIT_PORT: new URL(endpoint).port } }),
    startCloud({ state: join(tempFolder(), 'third'), env: { PULPIT_SITE_PORT: new URL(siteUrl).port } }),
  ]);
  expect(await Promise.all(refused.map(({ ended }) => ended))).toEqual([1, 1, 1]);
  const sentences = refused.map(({ lines }) => lines);
  for (const lines of sentences) expect(lines).toHaveLength(1);
  expect(sentences[0]?.[0]).toMatch(/another local cloud is using the state folder .*PULPIT_STATE/);
  expect(sentences[1]?.[0]).toMatch(/port \d+.*PULPIT_PORT/);
  expect(sentences[2]?.[0]).toMatch(/port \d+.*PULPIT_SITE_PORT/);
  expect(await first.interrupt()).toBe(130);
}, 120_000);
