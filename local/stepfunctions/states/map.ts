import type { MapState } from '../definition/state-machine.ts';
import { leaveState } from '../engine/leave-state.ts';
import type { Run } from '../engine/run.ts';
import { scopeOf } from '../engine/scope.ts';
import type { JoinActivity, Thread } from '../engine/thread.ts';
import { evaluate, evaluateAs, evaluateCount } from '../expressions/evaluate.ts';
import { isList, type Json } from '../json.ts';
import { outputsOf } from './parallel.ts';

// An inline Map runs at most 40 iterations at a time (service quota); 0 asks for as many as possible.
const MOST_AT_ONCE = 40;

/** Starts as many iterations as may run at a time. */
export async function beginMap(run: Run, thread: Thread, state: MapState): Promise<void> {
  const scope = scopeOf(run, thread);
  const limit = state.maxConcurrency === undefined ? 0 : await evaluateCount(state.maxConcurrency, 'MaxConcurrency', scope);
  // Tolerated failures concern distributed Maps; the fields must still be right.
  if (state.toleratedFailureCount !== undefined) await evaluateCount(state.toleratedFailureCount, 'ToleratedFailureCount', scope);
  if (state.toleratedFailurePercentage !== undefined)
    await evaluateCount(state.toleratedFailurePercentage, 'ToleratedFailurePercentage', scope);
  const value = await evaluateAs('array', state.items ?? thread.input, 'Items', scope);
  const items = isList(value) ? value : [];
  const inputs = await inputsOf(run, thread, state, items);
  const started = run.append(thread, 'MapStateStarted', { length: items.length });
  const atOnce = limit === 0 ? MOST_AT_ONCE : Math.min(limit, MOST_AT_ONCE);
  thread.activity = { kind: 'join', inputs, items, begun: 0, atOnce };
  if (items.length === 0) return endMap(run, thread, state);
  for (let count = 0; count < Math.min(atOnce, items.length); count += 1) beginNext(run, thread, state, started);
}

/** Takes a finished iteration; another begins in its place, and the last one ends the state. */
export async function joinIteration(run: Run, thread: Thread, state: MapState, iteration: Thread): Promise<void> {
  const last = iteration.lastEventId;
  thread.lastEventId = run.appendAfter(last, 'MapIterationSucceeded', { name: state.name, index: iteration.index });
  run.touch(thread);
  beginNext(run, thread, state, last);
  if (run.childrenOf(thread).every(({ status }) => status === 'succeeded')) await endMap(run, thread, state);
}

async function inputsOf(run: Run, thread: Thread, state: MapState, items: readonly Json[]): Promise<readonly Json[]> {
  if (state.itemSelector === undefined) return items;
  const inputs: Json[] = [];
  for (const [index, value] of items.entries()) {
    inputs.push(await evaluate(state.itemSelector, 'ItemSelector', scopeOf(run, thread, { item: { index, value } })));
  }
  return inputs;
}

function beginNext(run: Run, thread: Thread, state: MapState, previousEventId: number): void {
  const join = joinOf(thread);
  const input = join.inputs[join.begun];
  if (input === undefined) return;
  const index = join.begun;
  const lastEventId = run.appendAfter(previousEventId, 'MapIterationStarted', { name: state.name, index });
  thread.activity = { ...join, begun: index + 1 };
  run.begin({ parent: thread.id, index, state: state.processor.startAt, input, lastEventId });
}

async function endMap(run: Run, thread: Thread, state: MapState): Promise<void> {
  // What follows leads on from the last iteration's end, as recorded.
  run.appendAfter(thread.lastEventId, 'MapStateSucceeded');
  const result = outputsOf(run.childrenOf(thread));
  await leaveState(run, thread, { exit: state, output: result, moment: { result } });
  run.removeBelow(thread);
}

function joinOf({ activity, state }: Thread): JoinActivity {
  if (activity.kind !== 'join') throw new Error(`the Map ${state} waits for no iterations`);
  return activity;
}
