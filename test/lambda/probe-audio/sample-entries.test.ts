import { expect, test } from '@jest/globals';
import { RangedObject } from '../../../lambda/probe-audio/ranged-object.ts';
import { isMp4, sampleEntries } from '../../../lambda/probe-audio/sample-entries.ts';

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const box = (type: string, ...contents: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(contents);
  return Buffer.concat([uint32(body.length + 8), Buffer.from(type), body]);
};
const track = (entry: string): Buffer =>
  box(
    'trak',
    box('tkhd', Buffer.alloc(84)),
    box('mdia', box('hdlr', Buffer.alloc(25)), box('minf', box('stbl', box('stsd', uint32(0), uint32(1), box(entry, Buffer.alloc(28)))))),
  );
const moov = (...entries: readonly string[]): Buffer => box('moov', box('mvhd', Buffer.alloc(100)), ...entries.map(track));
const ftyp = box('ftyp', Buffer.from('M4A '), uint32(0));

/** The object, and how many bytes of it were fetched. */
function ranged(file: Buffer): { readonly object: RangedObject; readonly fetched: () => number } {
  let bytes = 0;
  const object = new RangedObject(file.length, async (start, end) => {
    bytes += end - start;
    return file.subarray(start, end);
  });
  return { object, fetched: () => bytes };
}

const megabytes = (count: number): Buffer => box('mdat', Buffer.alloc(count * 1024 * 1024));

test('protection shows where the index comes first, and where it comes last, without reading the sound', async () => {
  for (const file of [Buffer.concat([ftyp, moov('drms'), megabytes(5)]), Buffer.concat([ftyp, megabytes(5), moov('avc1', 'enca')])]) {
    const { object, fetched } = ranged(file);
    expect(isMp4(await object.read(0, 16))).toBe(true);
    expect((await sampleEntries(object)).at(-1)).toMatch(/drms|enca/);
    expect(fetched()).toBeLessThan(300_000);
  }
});

test('a box of 64-bit length is passed over', async () => {
  const sound = Buffer.alloc(1000);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(16 + sound.length));
  const { object } = ranged(Buffer.concat([ftyp, uint32(1), Buffer.from('mdat'), length, sound, moov('mp4a')]));
  expect(await sampleEntries(object)).toEqual(['mp4a']);
});

test('a file without an index, or with senseless lengths, has no entries', async () => {
  expect(await sampleEntries(ranged(Buffer.concat([ftyp, megabytes(1)])).object)).toEqual([]);
  expect(await sampleEntries(ranged(Buffer.concat([ftyp, uint32(3), Buffer.from('moov')])).object)).toEqual([]);
});
