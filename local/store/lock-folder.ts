import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes a state folder for this process alone, until the returned function is called or the process ends, however it ends:
 * SQLite holds a lock of the operating system, which dies with its owner.
 * @throws Error when another process has it
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    lock.close();
    throw new Error(`another local cloud is using the state folder ${folder}; stop it, or name another folder in PULPIT_STATE`, {
      cause: error,
    });
  }
  return () => {
    if (lock.isOpen) lock.close();
  };
}
