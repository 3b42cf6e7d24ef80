import { expect, test } from '@jest/globals';
import { namedFailure } from '../../../lambda/record-failure/failure-sentence.ts';

test.each([
  ['a function', { errorType: 'TooShortError', errorMessage: 'the upload lasts 0.3 s', trace: ['x'] }, 'The upload lasts 0.3 s.'],
  [
    'a MediaConvert job',
    { Job: { Status: 'ERROR', ErrorCode: 1010, ErrorMessage: 'Unable to open input file.' } },
    'Unable to open input file.',
  ],
  ['a MediaConvert job without a wrapper', { ErrorCode: 1010, ErrorMessage: 'Unable to open input file' }, 'Unable to open input file.'],
  [
    'a container',
    { StoppedReason: 'Essential container in task exited', Containers: [{ Name: 'embedding', ExitCode: 3 }] },
    "The task's container ended with exit code 3; its log says why.",
  ],
  ['an ECS task', { StoppedReason: 'CannotPullContainerError: no such image', Containers: [] }, 'CannotPullContainerError: no such image.'],
])('the cause of %s becomes one plain sentence', (_what, cause, message) => {
  expect(namedFailure({ status: 'FAILED', error: 'E', cause: JSON.stringify(cause) })).toEqual({ error: 'E', message });
});

test('a cause that is no JSON is said as it is', () => {
  expect(namedFailure({ status: 'FAILED', error: 'States.Runtime', cause: '{"broken' }).message).toBe('{"broken.');
  expect(namedFailure({ status: 'FAILED', error: 'S3.NoSuchKey', cause: 'The key does not exist.' }).message).toBe(
    'The key does not exist.',
  );
});

test('a run that was stopped or ran out of time says so', () => {
  expect(namedFailure({ status: 'ABORTED' })).toEqual({ error: 'Aborted', message: 'The run was stopped by an operator.' });
  expect(namedFailure({ status: 'TIMED_OUT' }).error).toBe('States.Timeout');
});
