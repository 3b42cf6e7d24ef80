import type { Catalogue, Change } from './catalogue.ts';
import { changeSermon } from './catalogue.ts';
import type { SermonRow, Turn } from './catalogue-rows.ts';
import { freeSlots } from './slots.ts';
import type { RunIdentity } from './storage-keys.ts';

/** Whose turn it is: this run's, a newer one's (then this run is superseded), or still that of an older run. */
export type TurnOutcome = 'mine' | 'superseded' | { readonly holder: Turn };

/** Whether run `a` comes after run `b`: a newer version, or a fresh run of the same one. */
export const isNewer = (a: Pick<RunIdentity, 'version' | 'revision'>, b: Pick<RunIdentity, 'version' | 'revision'>): boolean =>
  a.version > b.version || (a.version === b.version && a.revision > b.revision);

/**
 * Takes the sermon's turn where it is free, and from `ended`: the execution that had it and is known to have ended.
 * One sermon's runs take turns, so that two never write its catalogue row and its search rows at the same time.
 */
export function takeTurn(row: SermonRow, run: RunIdentity, executionArn: string, ended?: string): Change<TurnOutcome> {
  if (row.newestVersion > run.version) return { outcome: 'superseded' };
  const { turn } = row;
  if (turn !== undefined && turn.executionArn !== executionArn && turn.executionArn !== ended) {
    return { outcome: isNewer(turn, run) ? 'superseded' : { holder: turn } };
  }
  return { row: { ...row, turn: { executionArn, version: run.version, revision: run.revision } }, outcome: 'mine' };
}

/** Gives back a run's turn and slots, each only if the run still has it. */
export async function release(catalogue: Catalogue, slots: number, sermonId: string, executionArn: string): Promise<void> {
  await changeSermon(catalogue, sermonId, (row) => endTurn(row, executionArn));
  await freeSlots(catalogue, slots, executionArn);
}

/** The sermon's row without this execution's turn. */
export function endTurn(row: SermonRow | undefined, executionArn: string): Change<void> {
  if (row?.turn?.executionArn !== executionArn) return { outcome: undefined };
  const { turn: _given, ...rest } = row;
  return { row: rest, outcome: undefined };
}
