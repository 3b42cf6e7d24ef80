import { StoreFailedError } from '../local/store/store.ts';

/**
 * Ends the process when background work fails in a way that nobody expected: stopping is safe, because the next start
 * goes on from the last commit. A full disk is told in one sentence, anything else with its stack.
 */
export function endOnFailure(): void {
  // Node raises a rejection that nobody handles as an uncaught exception, too.
  process.on('uncaughtException', (error) => {
    console.error(error instanceof StoreFailedError ? error.message : (error.stack ?? String(error)));
    process.exit(1);
  });
}
