import { expect, test } from '@jest/globals';
import { failedMessages } from '../../../local/lambda/batch-response.ts';

test.each([
  ['names one', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
  ['an empty list', { batchItemFailures: [] }, []],
  ['no list', {}, []],
  ['null', null, []],
  ['a null list', { batchItemFailures: null }, []],
  ['an entry without an id', { batchItemFailures: [{ itemIdentifier: 'b' }, {}] }, ['a', 'b', 'c']],
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, ['a', 'b', 'c']],
  ['an id that is not in the batch', { batchItemFailures: [{ itemIdentifier: 'z' }] }, ['a', 'b', 'c']],
])('what stays in the queue when a function answers %s', (_name, answer, expected) => {
  expect(failedMessages(answer, ['a', 'b', 'c'])).toEqual(expected);
});
