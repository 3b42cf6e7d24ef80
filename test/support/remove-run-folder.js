import { rmSync } from 'node:fs';

/** Removes what the workers of a test run have shared. */
export default function removeRunFolder() {
  const folder = process.env.PULPIT_TEST_RUN_FOLDER;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
