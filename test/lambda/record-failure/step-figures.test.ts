import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { StepTally } from '../../../lambda/record-failure/step-figures.ts';

/** A history whose events follow one another, one second apart; names of states where one is entered. */
function tallyOf(...events: readonly (readonly [type: HistoryEventType, name?: string])[]): StepTally {
  const tally = new StepTally();
  for (const [index, [type, name]] of events.entries()) {
    const event: HistoryEvent = { id: index + 1, previousEventId: index, type, timestamp: new Date(index * 1000) };
    tally.add(name === undefined ? event : { ...event, stateEnteredEventDetails: { name } });
  }
  return tally;
}

test('a step counts its time, and the attempt that a retry made good', () => {
  const { figures } = tallyOf(
    ['ExecutionStarted'],
    ['TaskStateEntered', 'Probe audio'],
    ['TaskScheduled'],
    ['TaskTimedOut'],
    ['TaskScheduled'],
    ['TaskSucceeded'],
    ['TaskStateExited'],
    ['ChoiceStateEntered', 'Is it readable?'],
    ['ChoiceStateExited'],
    ['SucceedStateEntered', 'Published'],
  );
  expect(figures).toEqual([{ step: 'Probe audio', seconds: 5, failures: 1, retries: 1 }]);
});

test('visits of one step add up, and coming back is no retry', () => {
  const { figures } = tallyOf(
    ['ExecutionStarted'],
    ['TaskStateEntered', 'Claim the sermon'],
    ['TaskScheduled'],
    ['TaskStateExited'],
    ['WaitStateEntered', 'Wait for a turn'],
    ['WaitStateExited'],
    ['TaskStateEntered', 'Claim the sermon'],
    ['TaskScheduled'],
    ['TaskStateExited'],
  );
  expect(figures).toEqual([
    { step: 'Claim the sermon', seconds: 4, failures: 0, retries: 0 },
    { step: 'Wait for a turn', seconds: 1, failures: 0, retries: 0 },
  ]);
});

test('after a redrive only what it did counts: the rest was told before', () => {
  const { figures } = tallyOf(
    ['ExecutionStarted'],
    ['TaskStateEntered', 'Embed passages'],
    ['TaskScheduled'],
    ['TaskFailed'],
    ['ExecutionFailed'],
    ['ExecutionRedriven'],
    ['TaskStateEntered', 'Embed passages'],
    ['TaskScheduled'],
    ['TaskStateExited'],
  );
  expect(figures).toEqual([{ step: 'Embed passages', seconds: 2, failures: 0, retries: 0 }]);
});
