import { expect, test } from '@jest/globals';
import { executionNameFor, extensionOf, sermonIdFor, titleFor, versionFor } from '../../../lambda/shared/identity.ts';

const upload = { bucket: 'uploads', key: 'uploads/2024/Easter Sermon.mp3', sequencer: '0055AED6DCD90281E5' };

test('a sermon keeps its id however often its key is uploaded', () => {
  expect(sermonIdFor(upload.key)).toMatch(/^2024-easter-sermon-[0-9a-f]{8}$/);
  expect(sermonIdFor(upload.key)).toBe(sermonIdFor(upload.key));
});

test('keys that read the same are different sermons', () => {
  expect(sermonIdFor('uploads/a b.mp3')).not.toBe(sermonIdFor('uploads/a+b.mp3'));
  expect(sermonIdFor('uploads/說教.mp3')).toMatch(/^sermon-[0-9a-f]{8}$/);
});

test('one upload has one execution name, another upload of the key has another', () => {
  expect(executionNameFor(upload)).toBe(executionNameFor({ ...upload }));
  expect(executionNameFor({ ...upload, sequencer: '0055AED6DCD90281E6' })).not.toBe(executionNameFor(upload));
  expect(executionNameFor(upload, 2)).toBe(`${executionNameFor(upload)}-r2`);
});

test('the longest key and a re-run still fit into an execution name', () => {
  const name = executionNameFor({ ...upload, key: `uploads/${'é+ %/'.repeat(300)}.mp3` }, 12_345);
  expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
});

test('versions sort by time even when sequencers differ in length', () => {
  const early = versionFor('0055AED6DCD90281');
  const late = versionFor('0055AED6DCD90281E5');
  expect(early.length).toBe(late.length);
  expect(early < late).toBe(true);
  expect(() => versionFor('yesterday')).toThrow('hexadecimal');
});

test('a title is the readable part of the file name', () => {
  expect(titleFor('uploads/2024/the_good-shepherd.final.mp3')).toBe('the good shepherd.final');
  expect(titleFor('uploads/.mp3')).toBe('Untitled sermon');
});

test('only an extension that services may look at is kept', () => {
  expect(extensionOf('uploads/a.MP3')).toBe('.mp3');
  expect(extensionOf('uploads/St. John')).toBe('');
});
