import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { requireWritable } from '../../cli/writable-folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a folder that cannot be made is told in one sentence with what to do', () => {
  const file = join(tempFolder(), 'file');
  writeFileSync(file, '');
  expect(() => requireWritable(join(file, 'state'), 'name another in PULPIT_STATE')).toThrow(
    `the folder ${join(file, 'state')} cannot be written (ENOTDIR); name another in PULPIT_STATE`,
  );
});
