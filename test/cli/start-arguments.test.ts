import { expect, test } from '@jest/globals';
import { parseStartArguments, portFrom } from '../../cli/start-arguments.ts';

test('options and files are told apart', () => {
  expect(parseStartArguments(['--once', import.meta.filename])).toMatchObject({ once: true, fresh: false, files: [import.meta.filename] });
});

test('a missing file, a folder and an unknown option are each refused in plain words', () => {
  expect(() => parseStartArguments(['no-such.mp3'])).toThrow('no-such.mp3 does not exist; name recordings to publish');
  expect(() => parseStartArguments([import.meta.dirname])).toThrow(/is not a file/);
  expect(() => parseStartArguments(['--twice'])).toThrow(/--twice/);
});

test('a port that is none is refused with the variable that holds it', () => {
  process.env['PULPIT_TEST_PORT'] = '70000';
  expect(() => portFrom('PULPIT_TEST_PORT', 1)).toThrow('PULPIT_TEST_PORT is "70000"; it must be a port number, 0 to 65535');
  delete process.env['PULPIT_TEST_PORT'];
  expect(portFrom('PULPIT_TEST_PORT', 4566)).toBe(4566);
});
