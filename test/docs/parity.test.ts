import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { statesOf } from '../lib/states.ts';
import type { ParityRecord } from '../support/parity-record.ts';

const root = resolve(import.meta.dirname, '..', '..');
const folder = join(root, 'docs', 'parity');

test('docs/parity/README.md lists exactly the states that no run on AWS has shown', () => {
  const seen = new Set(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ParityRecord)
      .flatMap(({ cloud, states }) => (cloud === 'aws' ? states : [])),
  );
  const unseen = readdirSync(join(root, 'statemachines')).flatMap((file) =>
    statesOf(JSON.parse(readFileSync(join(root, 'statemachines', file), 'utf8')))
      // The journey runs the one workflow; what another is called does not make it seen.
      .filter(({ name }) => !file.startsWith('publish-sermon.') || !seen.has(name))
      .map(({ name }) => `${file.replace('.asl.json', '')}: ${name}`),
  );
  const listed = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^- (.+)$/gm)].map(([, state = '']) => state);
  expect(listed.toSorted()).toEqual(unseen.toSorted());
});
