import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Account, eventually, type SentRecording } from '../support/account.ts';
import { startCloud } from '../support/local-cloud.ts';
import { encoded, spoken } from '../support/recordings.ts';
import { tempFolder } from '../support/temp-folder.ts';

const RECORDING = spoken('Grace to you, and peace.');

// S3 takes keys of up to 1,024 bytes; this one has 1,000 of them, in more bytes than characters.
const LONG_KEY = `uploads/${'Psalm 139/ä '.repeat(75)}${'a'.repeat(13)}.wav`;

const KEYS: Readonly<Record<string, string>> = {
  'a key with a plus, a percent sign, spaces and an accent': 'uploads/a+b %20 é.wav',
  'a key with characters that mean something in URLs, XML and JSON': `uploads/folder/what? & <why> "how" #1 = it's 100%25; {a}|\\b.wav`,
  'a key in another script, without an extension': 'uploads/山上の説教',
  'a key of 1,000 bytes': LONG_KEY,
  'a key with slashes one after another and a dot': 'uploads//./sermon.wav',
};

// None of them is an event of an upload: no JSON, another event, an event without what a run needs.
const POISON = [
  'not an event',
  '{"source":"aws.ec2","detail-type":"Instance Launched"}',
  '{"source":"aws.s3","detail-type":"Object Created"}',
];

let account: Account;
let folder: SentRecording;
let queue: string;
let deadLetters: string;
const sent = new Map<string, SentRecording>();

beforeAll(async () => {
  const cloud = await startCloud({ state: join(tempFolder(), 'state'), words: [RECORDING] });
  account = new Account(await cloud.addresses());
  queue = await account.queueUrl(/pulpit-local-uploads$/);
  deadLetters = await account.queueUrl(/intakedeadletterqueue/i);
  for (const body of POISON) await account.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: body }));
  folder = await account.upload('uploads/2026/', new Uint8Array());
  const content = encoded('wav', '-i', RECORDING);
  await Promise.all(Object.values(KEYS).map(async (key) => sent.set(key, await account.upload(key, content))));
}, 120_000);

afterAll(() => account.close());

test.each(Object.entries(KEYS))(
  '%s is published and plays',
  async (_name, key) => {
    const upload = sent.get(key) ?? { sermonId: '', versionId: '' };
    expect(await account.endOf(upload)).toMatchObject({ status: 'SUCCEEDED' });
    const { status, stream = '', audio = '', title } = await account.sermon(upload);
    expect(status).toBe('published');
    expect(title).not.toBe('');
    const playlist = await (await fetch(new URL(stream, account.siteUrl))).text();
    const [rendition = ''] = playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const renditionUrl = new URL(rendition, new URL(stream, account.siteUrl));
    const [segment = ''] = (await (await fetch(renditionUrl)).text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const url of [new URL(segment, renditionUrl), new URL(audio, account.siteUrl)]) {
      const { status: answered, headers } = await fetch(url);
      expect([answered, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^audio\/|^video\/mp2t/)]);
    }
  },
  120_000,
);

test('messages that are no upload event end in the dead-letter queue, and nothing else does', async () => {
  const arrived = await eventually(async () => ((await account.messagesIn(queue)) === 0 ? account.messagesIn(deadLetters) : undefined));
  expect(arrived).toBe(POISON.length);
  const { Messages: letters = [] } = await account.sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLetters, MaxNumberOfMessages: 10 }));
  expect(new Set(letters.map(({ Body: body }) => body))).toEqual(new Set(POISON));
}, 120_000);

test('a folder that the console makes is no sermon', async () => {
  await eventually(async () => ((await account.messagesIn(queue)) === 0 ? true : undefined));
  expect((await fetch(`${account.siteUrl}/v1/sermons/${folder.sermonId}`)).status).toBe(404);
});
