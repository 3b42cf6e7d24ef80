import { expect, test } from '@jest/globals';
import { RunProgress, type RunEvent } from '../../cli/run-progress.ts';

const event = (type: string, stateName?: string, at = 0): RunEvent => ({ executionName: 'run', type, stateName, at, since: 0 });

function statuses(...events: readonly RunEvent[]): string[] {
  const progress = new RunProgress();
  return events.flatMap((one) => progress.take(one).line?.status ?? []);
}

test('a task is running from its entry and done at its exit, with its seconds', () => {
  const progress = new RunProgress();
  progress.take(event('TaskStateEntered', 'Probe audio', 1000));
  expect(progress.open()).toHaveLength(1);
  const { line } = progress.take(event('TaskStateExited', 'Probe audio', 3500));
  expect(line).toMatchObject({ state: 'Probe audio', status: 'done', startedAt: 1000, endedAt: 3500 });
  expect(progress.open()).toHaveLength(0);
});

test('a failed attempt that is scheduled again shows as retrying', () => {
  expect(
    statuses(
      event('TaskStateEntered', 'A'),
      event('TaskScheduled', 'A'),
      event('TaskFailed', 'A'),
      event('TaskScheduled', 'A'),
      event('TaskStateExited', 'A'),
    ),
  ).toEqual(['running', 'failed', 'retrying', 'done']);
});

test('waiting for time or for a task token shows as waiting, a submitted job as running', () => {
  expect(statuses(event('WaitStateEntered', 'Let uploads settle'))).toEqual(['waiting']);
  const submitted = (resourceType: string) => ({ ...event('TaskSubmitted', 'A'), resourceType });
  expect(statuses(event('TaskStateEntered', 'A'), submitted('lambda'))).toEqual(['running', 'waiting']);
  expect(statuses(event('TaskStateEntered', 'A'), submitted('mediaconvert'))).toEqual(['running']);
});

test('states that take no time have no line', () => {
  expect(
    statuses(event('ChoiceStateEntered', 'Its turn?'), event('ChoiceStateExited', 'Its turn?'), event('ParallelStateEntered', 'P')),
  ).toEqual([]);
});

test('the end of a run tells where it ended, why and after how long', () => {
  const progress = new RunProgress();
  progress.take(event('ExecutionStarted', undefined, 0));
  progress.take(event('TaskStateEntered', 'Probe audio', 1000));
  const { end } = progress.take({ ...event('ExecutionFailed', undefined, 2000), error: 'UnreadableAudioError', cause: 'no audio' });
  expect(end).toEqual({
    executionName: 'run',
    succeeded: false,
    lastState: 'Probe audio',
    error: 'UnreadableAudioError',
    cause: 'no audio',
    seconds: 2,
  });
  expect(progress.open()).toEqual([]);
});

test('a state and a run that began before anybody watched show all of their seconds', () => {
  const progress = new RunProgress();
  const { line } = progress.take({ ...event('TaskStateExited', 'Transcode to HLS', 9000), since: 2000 });
  expect(line).toMatchObject({ status: 'done', startedAt: 2000, endedAt: 9000 });
  expect(progress.take({ ...event('ExecutionSucceeded', undefined, 10_000), since: 1000 }).end?.seconds).toBe(9);
});
