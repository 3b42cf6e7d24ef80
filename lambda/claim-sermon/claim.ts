import { changeSermon } from '../shared/catalogue.ts';
import type { Catalogue } from '../shared/catalogue.ts';
import { EmptyUploadError, TooLargeError } from '../shared/errors.ts';
import type { Executions } from '../shared/executions.ts';
import { SUPERSEDED } from '../shared/executions.ts';
import { extensionOf } from '../shared/identity.ts';
import type { Execution } from '../shared/observability.ts';
import { openRun } from '../shared/run-rows.ts';
import type { ClaimedSermon, Sermon, UploadedSource } from '../shared/sermon.ts';
import { freeSlot, readSlots, takeSlot } from '../shared/slots.ts';
import { workKeys } from '../shared/storage-keys.ts';
import type { TurnOutcome } from '../shared/turns.ts';
import { release, takeTurn } from '../shared/turns.ts';
import { noteRun } from './note-run.ts';

/** What a claim works with. */
export interface ClaimContext {
  readonly catalogue: Catalogue;
  readonly executions: Executions;
  /** How many runs may work at the same time. */
  readonly runSlots: number;
  /** Longest time a run may take, in seconds: a slot that was never given back is free after it. */
  readonly leaseSeconds: number;
  readonly maxUploadBytes: number;
}

/** What became of a claim; the sermon has its `sourceKey` when claimed. */
export interface ClaimAnswer {
  readonly outcome: 'claimed' | 'superseded' | 'waiting';
  readonly sermon: Sermon | ClaimedSermon;
}

/**
 * Takes the sermon's turn and one of the run slots. May be repeated: what the run has already it keeps.
 * @throws EmptyUploadError, TooLargeError before anything that costs is begun
 */
export async function claimSermon(context: ClaimContext, sermon: Sermon, execution: Execution, now: Date): Promise<ClaimAnswer> {
  const { catalogue, runSlots, leaseSeconds, maxUploadBytes } = context;
  await openRun(catalogue, execution.arn, sermon, now);
  const noted = await changeSermon(catalogue, sermon.sermonId, (row) => noteRun(row, sermon, execution, now));
  const turn = noted === 'superseded' ? noted : await reachTurn(context, refuseBySize(sermon, maxUploadBytes), execution);
  if (turn === 'superseded') {
    await release(catalogue, runSlots, sermon.sermonId, execution.arn);
    return { outcome: 'superseded', sermon };
  }
  if (turn !== 'mine') return { outcome: 'waiting', sermon };

  const request = { executionArn: execution.arn, slots: runSlots, leaseSeconds, reprocessing: sermon.revision > 0, now };
  const claimed = (await takeSlot(catalogue, request)) || ((await freeDeadSlot(context)) && (await takeSlot(catalogue, request)));
  if (!claimed) return { outcome: 'waiting', sermon };
  return { outcome: 'claimed', sermon: { ...sermon, sourceKey: workKeys(sermon).source(extensionOf(sermon.source.key)) } };
}

function refuseBySize(sermon: Sermon, maxUploadBytes: number): Sermon {
  const { key, sizeBytes }: UploadedSource = sermon.source;
  if (sizeBytes === 0) throw new EmptyUploadError(key);
  if (sizeBytes > maxUploadBytes) throw new TooLargeError(key, sizeBytes, maxUploadBytes);
  return sermon;
}

/** Takes the turn; an older run that has it is stopped first, and its turn taken once it has ended. */
async function reachTurn({ catalogue, executions }: ClaimContext, sermon: Sermon, execution: Execution): Promise<TurnOutcome> {
  const take = (ended?: string): Promise<TurnOutcome> =>
    changeSermon(catalogue, sermon.sermonId, (row) => {
      if (row === undefined)
        throw new Error(`catalogue row of sermon ${sermon.sermonId} has vanished during its run; upload the recording again`);
      return takeTurn(row, sermon, execution.arn, ended);
    });
  const turn = await take();
  if (typeof turn === 'string') return turn;

  const { executionArn } = turn.holder;
  if (!(await hasEnded(executions, executionArn))) {
    await executions.stop(executionArn, { error: SUPERSEDED, cause: `a newer upload of ${sermon.source.key} has taken over` });
    if (!(await hasEnded(executions, executionArn))) return turn;
  }
  return take(executionArn);
}

/**
 * Frees the slot of a run that has ended without giving it back. Looks at one slot, picked at random: many waiting runs
 * that all asked about all slots would exhaust DescribeExecution, and together they find every dead one soon.
 */
async function freeDeadSlot({ catalogue, executions, runSlots }: ClaimContext): Promise<boolean> {
  const held = (await readSlots(catalogue, runSlots)).filter(({ holder }) => holder !== undefined);
  const slot = held[Math.floor(Math.random() * held.length)];
  if (slot?.holder === undefined || !(await hasEnded(executions, slot.holder))) return false;
  return freeSlot(catalogue, slot.index, slot.holder);
}

const hasEnded = async (executions: Executions, executionArn: string): Promise<boolean> => (await executions.describe(executionArn)).ended;
