import { accessSync, constants, mkdirSync } from 'node:fs';

/**
 * Makes a folder when it is missing, and makes sure that it can be written.
 * @param advice what to do when it cannot
 * @throws Error in one sentence
 */
export function requireWritable(folder: string, advice: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`the folder ${folder} cannot be written (${code}); ${advice}`, { cause: error });
  }
}
