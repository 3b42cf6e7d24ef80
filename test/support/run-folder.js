import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes the folder that all workers of one test run share, empty at first: what an earlier run synthesized may be out of date. */
export default function makeRunFolder() {
  process.env.PULPIT_TEST_RUN_FOLDER = mkdtempSync(join(tmpdir(), 'pulpit-test-run-'));
}
