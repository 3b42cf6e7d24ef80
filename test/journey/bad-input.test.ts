import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Account, type EndedRun, type SentRecording } from '../support/account.ts';
import { startCloud } from '../support/local-cloud.ts';
import { encoded, markedProtected, noise, pictures, silence, spoken } from '../support/recordings.ts';
import { tempFolder } from '../support/temp-folder.ts';

const VOICE = spoken('The lord is my shepherd. I shall not want. He makes me lie down in green pastures.');
const speech = ['-i', VOICE];
const m4a = ['-c:a', 'aac', '-b:a', '64k'];
const mp3 = ['-c:a', 'libmp3lame', '-b:a', '64k'];
const indexLast = encoded('m4a', ...speech, ...m4a);
const indexFirst = encoded('m4a', ...speech, ...m4a, '-movflags', '+faststart');
const voiceMp3 = encoded('mp3', ...speech, ...mp3);
const wav = encoded('wav', ...silence(1));

const PAGE = Buffer.from('<!doctype html><html><body>You have to sign in to download this file.</body></html>\n'.repeat(40));
const NOTES = Buffer.from('In the beginning was the word. These are notes, and no recording at all.\n'.repeat(40));

/** Upload name -> what is in it, the error that refuses it, and the state that does. */
const REFUSED: Readonly<Record<string, readonly [content: Buffer, error: string, state: string]>> = {
  'empty.mp3': [Buffer.alloc(0), 'EmptyUploadError', 'Claim the sermon'],
  'notes.mp3': [NOTES, 'UnreadableAudioError', 'Probe audio'],
  'noise.mp3': [noise(50_000), 'UnreadableAudioError', 'Probe audio'],
  'noise-behind-a-frame-header.mp3': [
    Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), noise(50_000)]),
    'UnreadableAudioError',
    'Probe audio',
  ],
  'page.m4a': [PAGE, 'UnreadableAudioError', 'Probe audio'],
  // The index stands last here, and is not there any more.
  'no-index.m4a': [indexLast.subarray(0, indexLast.lastIndexOf('moov') - 4), 'UnreadableAudioError', 'Probe audio'],
  'header-only.wav': [wav.subarray(0, wav.indexOf('data') + 8), 'UnreadableAudioError', 'Probe audio'],
  'no-sound.mp4': [encoded('mp4', ...pictures(2), '-c:v', 'mpeg4'), 'NoAudioTrackError', 'Probe audio'],
  'too-short.wav': [encoded('wav', ...silence(0.3)), 'TooShortError', 'Probe audio'],
  'too-long.flac': [encoded('flac', ...silence(4.1 * 3600, 8000), '-compression_level', '0'), 'TooLongError', 'Probe audio'],
  'protected.m4a': [markedProtected(indexLast), 'ProtectedAudioError', 'Probe audio'],
  'protected-index-first.m4a': [markedProtected(indexFirst), 'ProtectedAudioError', 'Probe audio'],
  'sound.aiff': [encoded('aiff', ...speech), 'UnsupportedFormatError', 'Probe audio'],
  'sound.caf': [encoded('caf', ...speech), 'UnsupportedFormatError', 'Probe audio'],
  'sound.aac': [encoded('aac', ...speech), 'UnsupportedFormatError', 'Probe audio'],
  'sound.ac3': [encoded('ac3', ...speech), 'UnsupportedFormatError', 'Probe audio'],
  'lossless.m4a': [encoded('m4a', ...speech, '-c:a', 'alac'), 'UnsupportedFormatError', 'Probe audio'],
  'adpcm.wav': [encoded('wav', ...speech, '-c:a', 'adpcm_ms'), 'UnsupportedFormatError', 'Probe audio'],
  // The headers of these go on promising the whole length.
  'cut-off.mp3': [voiceMp3.subarray(0, voiceMp3.length / 2), 'TruncatedUploadError', 'Package stream'],
  'cut-off-index-first.m4a': [indexFirst.subarray(0, indexFirst.length / 2), 'TruncatedUploadError', 'Package stream'],
};

const eightChannels = [...speech, '-af', 'pan=7.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0'];

/** Upload name -> what is in it, and whether somebody speaks. */
const ACCEPTED: Readonly<Record<string, readonly [content: Buffer, hasSpeech: boolean]>> = {
  'eight-channels.wav': [encoded('wav', ...eightChannels), true],
  'eight-channels.flac': [encoded('flac', ...eightChannels), true],
  'windows.wma': [encoded('wma', ...speech, '-c:a', 'wmav2'), true],
  'film-pcm.mov': [encoded('mov', ...pictures(3), ...speech, '-c:v', 'mpeg4', '-c:a', 'pcm_s16le'), true],
  'film-aac.mov': [encoded('mov', ...pictures(3), ...speech, '-c:v', 'mpeg4', ...m4a), true],
  'film.mp4': [encoded('mp4', ...pictures(3), ...speech, '-c:v', 'mpeg4', ...m4a), true],
  'm4a-named.mp3': [indexLast, true],
  'mp3-named.wav': [voiceMp3, true],
  'silence.mp3': [encoded('mp3', ...silence(3)), false],
};

// A few more than there are run slots, so that some always wait for one.
const AT_ONCE = 5;

let account: Account;
const sent = new Map<string, SentRecording>();
const ended = new Map<string, EndedRun>();

beforeAll(async () => {
  const cloud = await startCloud({ state: join(tempFolder(), 'state'), words: [VOICE] });
  account = new Account(await cloud.addresses());
  const waiting = [...Object.entries(REFUSED), ...Object.entries(ACCEPTED)];
  const publishInTurn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, [content]] = next;
      const upload = await account.upload(`uploads/${name}`, content);
      sent.set(name, upload);
      ended.set(name, await account.endOf(upload));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, publishInTurn));
}, 400_000);

function outcome(name: string): { readonly upload: SentRecording; readonly run: EndedRun } {
  const [upload, run] = [sent.get(name), ended.get(name)];
  if (upload === undefined || run === undefined) throw new Error(`${name} was not uploaded, or its run has not ended`);
  return { upload, run };
}

afterAll(() => account.close());

test.each(Object.entries(REFUSED))('%s is refused', async (name, [, error, state]) => {
  const { upload, run } = outcome(name);
  expect(run).toMatchObject({ status: 'FAILED', error, failedState: state });
  const sermon = await account.sermon(upload);
  expect(sermon).toMatchObject({ status: 'failed', latestRun: { status: 'failed', error } });
  expect(sermon.latestRun?.message).toMatch(new RegExp(`^The upload uploads/${name} [^{}\\n]+ upload[^{}\\n]+\\.$`));
  expect(sermon.stream).toBeUndefined();
});

test.each(Object.entries(ACCEPTED))('%s is published', async (name, [, hasSpeech]) => {
  const { upload, run } = outcome(name);
  expect({ status: run.status, error: run.error, cause: run.cause, last: run.entered.at(-1) }).toEqual({
    status: 'SUCCEEDED',
    error: undefined,
    cause: undefined,
    last: 'Published',
  });
  const sermon = await account.sermon(upload);
  expect(sermon).toMatchObject({ status: 'published', hasSpeech });
  expect(sermon.transcript === undefined).toBe(!hasSpeech);
  const playlist = await fetch(new URL(sermon.stream ?? '', account.siteUrl));
  expect(playlist.status).toBe(200);
});

test('a refused run gives back its turn: the corrected upload of the same key is published, and a refused one after it leaves it alone', async () => {
  const corrected = await account.upload('uploads/notes.mp3', voiceMp3);
  expect(await account.endOf(corrected)).toMatchObject({ status: 'SUCCEEDED' });
  const published = await account.sermon(corrected, ({ status }) => status === 'published');

  const spoilt = await account.upload('uploads/notes.mp3', NOTES);
  expect(await account.endOf(spoilt)).toMatchObject({ status: 'FAILED' });
  const after = await account.sermon(spoilt, ({ latestRun }) => latestRun?.status === 'failed');
  expect(after).toMatchObject({ status: 'published', stream: published.stream, latestRun: { error: 'UnreadableAudioError' } });
}, 120_000);

test('no slot and no turn is held once all runs have ended', async () => {
  await account.allGivenBack(2, [...sent.values()]);
});

test('no event of a run that was refused or published ends in a dead-letter queue', async () => {
  const urls = await account.queueUrls(/deadletter/i);
  expect(urls.length).toBeGreaterThan(1);
  expect(await Promise.all(urls.map((url) => account.messagesIn(url)))).toEqual(urls.map(() => 0));
});
