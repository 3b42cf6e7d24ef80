import type { RunIdentity } from '../storage-keys.ts';

/** One passage of one run: the same text that its row in the shard has. */
export interface PassageIdentity extends RunIdentity {
  readonly ordinal: number;
}

/** The key of a passage's vector. It names the run, so that two runs never overwrite each other's vectors. */
export const vectorKey = ({ sermonId, version, revision, ordinal }: PassageIdentity): string =>
  `${sermonId}/${version}/${revision}/${ordinal}`;

/** Reads a vector's key; undefined where the key is not one of ours. */
export function parseVectorKey(key: string): PassageIdentity | undefined {
  const match = /^([^/]+)\/([^/]+)\/(\d+)\/(\d+)$/.exec(key);
  const [, sermonId, version, revision, ordinal] = match ?? [];
  if (sermonId === undefined || version === undefined) return undefined;
  return { sermonId, version, revision: Number(revision), ordinal: Number(ordinal) };
}
