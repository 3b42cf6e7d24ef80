import type { Catalogue } from './catalogue.ts';
import { readRow, updateRow } from './catalogue.ts';
import { slotKey } from './catalogue-rows.ts';

/** One of the places for runs that work at the same time, as it was read. */
export interface Slot {
  readonly index: number;
  /** ARN of the execution that has it. */
  readonly holder?: string;
  /** Unix time in seconds. */
  readonly leaseUntil?: number;
}

/** Reads at once; more only make the table's clients wait for each other. */
const PARALLEL_READS = 25;

/** Reads all slots. */
export async function readSlots(catalogue: Catalogue, slots: number): Promise<readonly Slot[]> {
  const read: Slot[] = [];
  for (let first = 0; first < slots; first += PARALLEL_READS) {
    const indexes = Array.from({ length: Math.min(PARALLEL_READS, slots - first) }, (_, offset) => first + offset);
    read.push(...(await Promise.all(indexes.map((index) => readSlot(catalogue, index)))));
  }
  return read;
}

async function readSlot(catalogue: Catalogue, index: number): Promise<Slot> {
  const { holder, leaseUntil } = (await readRow(catalogue, slotKey(index))) ?? {};
  return {
    index,
    ...(typeof holder === 'string' ? { holder } : {}),
    ...(typeof leaseUntil === 'number' ? { leaseUntil } : {}),
  };
}

/** Who wants a slot, and on which terms. */
export interface SlotRequest {
  readonly executionArn: string;
  /** How many slots there are. */
  readonly slots: number;
  /** How long the slot stays taken should nobody give it back: well past the longest run. */
  readonly leaseSeconds: number;
  /** A run that makes a sermon anew leaves the last free slot to fresh uploads, unless there is only one slot. */
  readonly reprocessing: boolean;
  readonly now: Date;
}

/** Takes a slot, or finds the one that the execution has already. Never more than one each, and never more than there are. */
export async function takeSlot(catalogue: Catalogue, request: SlotRequest): Promise<boolean> {
  const { executionArn, slots, reprocessing, now } = request;
  const read = await readSlots(catalogue, slots);
  const mine = read.find(({ holder }) => holder === executionArn);
  if (mine && (await lease(catalogue, mine.index, request))) return true;

  const free = read.filter((slot) => isFree(slot, now));
  if (reprocessing && slots > 1 && free.length < 2) return false;
  // Runs that ask at the same moment start at different slots, so that they rarely refuse each other.
  const start = Math.floor(Math.random() * free.length);
  for (const { index } of [...free.slice(start), ...free.slice(0, start)]) {
    if (await lease(catalogue, index, request)) return true;
  }
  return false;
}

/** Gives back every slot that an execution has. */
export async function freeSlots(catalogue: Catalogue, slots: number, executionArn: string): Promise<void> {
  for (const { index, holder } of await readSlots(catalogue, slots)) {
    if (holder === executionArn) await freeSlot(catalogue, index, executionArn);
  }
}

/** Gives back one slot, if `holder` still has it. */
export const freeSlot = (catalogue: Catalogue, index: number, holder: string): Promise<boolean> =>
  updateRow(catalogue, slotKey(index), {
    update: 'REMOVE holder, leaseUntil',
    condition: 'holder = :holder',
    values: { ':holder': holder },
  });

const isFree = ({ holder, leaseUntil }: Slot, now: Date): boolean => holder === undefined || (leaseUntil ?? 0) < unixSeconds(now);

const lease = (catalogue: Catalogue, index: number, { executionArn, leaseSeconds, now }: SlotRequest): Promise<boolean> =>
  updateRow(catalogue, slotKey(index), {
    update: 'SET holder = :me, leaseUntil = :until',
    condition: 'attribute_not_exists(holder) OR leaseUntil < :now OR holder = :me',
    values: { ':me': executionArn, ':until': unixSeconds(now) + leaseSeconds, ':now': unixSeconds(now) },
  });

const unixSeconds = (time: Date): number => Math.floor(time.getTime() / 1000);
