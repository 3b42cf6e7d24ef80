import type { RunIdentity } from '../shared/storage-keys.ts';

/** A run without its sermon. */
export type Run = Pick<RunIdentity, 'version' | 'revision'>;

/**
 * Which of a sermon's passages nobody will ask for again: those of runs older than this one that are not published.
 * Newer runs are left alone, because a redriven run may meet what its successor has already indexed.
 */
export function stalePassages<T extends Run>(indexed: readonly T[], thisRun: Run, published: Run | undefined): T[] {
  return indexed.filter((run) => isOlder(run, thisRun) && !isSame(run, published));
}

const isSame = (a: Run, b: Run | undefined): boolean => b !== undefined && a.version === b.version && a.revision === b.revision;

/** Versions are padded sequencers: as strings they sort by time. */
const isOlder = (a: Run, b: Run): boolean => a.version < b.version || (a.version === b.version && a.revision < b.revision);
