import { expect, test } from '@jest/globals';
import { noteUpload } from '../../../lambda/start-run/note-upload.ts';
import { inputFor, isFolderMarker, requestedRun } from '../../../lambda/start-run/upload-event.ts';
import { publish } from '../../../lambda/publish-sermon/publish.ts';
import { NOW, preparedOf, publishingOf } from '../support/sermons.ts';

/** EventBridge's event as S3 sends it; `id` differs between deliveries of copies of the event. */
const event = (object: Readonly<Record<string, unknown>> = {}, id = 'one'): string =>
  JSON.stringify({
    version: '0',
    id,
    'detail-type': 'Object Created',
    source: 'aws.s3',
    time: '2026-04-05T08:59:00Z',
    detail: {
      bucket: { name: 'uploads-bucket' },
      object: { key: 'uploads/a+b %20 é.mp3', size: 5, etag: 'e', 'version-id': 'v1', sequencer: '0055AED6DCD90281E5', ...object },
    },
  });

test('two deliveries of one upload ask for the same execution with the same input', () => {
  const [first, second] = [requestedRun(event()), requestedRun(event({}, 'two'))];
  expect(second.executionName).toBe(first.executionName);
  expect(inputFor(second.sermon)).toBe(inputFor(first.sermon));
});

test('the key is taken verbatim', () => {
  expect(requestedRun(event()).sermon.source.key).toBe('uploads/a+b %20 é.mp3');
});

test('a key of 1,000 bytes and an empty upload get a run', () => {
  const { executionName, sermon } = requestedRun(event({ key: `uploads/${'é'.repeat(494)}.mp3`, size: 0 }));
  expect(executionName.length).toBeLessThanOrEqual(80);
  expect(sermon.source.sizeBytes).toBe(0);
});

test('an empty object whose key ends with a slash is a folder, and no recording', () => {
  expect(isFolderMarker(requestedRun(event({ key: 'uploads/2026/', size: 0 })))).toBe(true);
  expect(isFolderMarker(requestedRun(event({ key: 'uploads/2026/', size: 5 })))).toBe(false);
  expect(isFolderMarker(requestedRun(event({ size: 0 })))).toBe(false);
});

test.each([
  ['no JSON', 'hello'],
  ['another event', JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Deleted', detail: {} })],
  ['an upload without a version', event({ 'version-id': undefined })],
])('%s is refused, so that it ends in the dead-letter queue', (_what, body) => {
  expect(() => requestedRun(body)).toThrow('check');
});

test('an older event and a second delivery leave the row alone', () => {
  const newer = requestedRun(event({ sequencer: '20' }));
  const { row } = noteUpload(undefined, newer);
  expect(row?.status).toBe('processing');
  const failed = row && { ...row, status: 'failed' as const };
  expect(noteUpload(failed, newer).row).toBeUndefined();
  expect(noteUpload(failed, requestedRun(event({ sequencer: '10' }))).row).toBeUndefined();
});

test('a published sermon stays published while a newer upload of it is prepared', () => {
  const { sermon } = requestedRun(event({ sequencer: '10' }));
  const { row } = publish(
    noteUpload(undefined, requestedRun(event({ sequencer: '10' }))).row,
    preparedOf(sermon),
    publishingOf(sermon),
    NOW,
  );
  const again = noteUpload(row, requestedRun(event({ sequencer: '20' })));
  expect(again.row).toMatchObject({ status: 'published', listing: 'published', newestVersion: '20'.padEnd(32, '0') });
});
