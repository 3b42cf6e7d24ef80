import { Readable } from 'node:stream';
import { makeChunkedTokenizerFromS3 } from '@tokenizer/s3';
import type { ICommonTagsResult } from 'music-metadata';
import { parseFromTokenizer } from 'music-metadata';
import { titleFor } from '../shared/identity.ts';
import type { Tags } from '../shared/sermon.ts';
import { RangedObject } from './ranged-object.ts';

/** Longest text taken from a tag. */
const LONGEST_TAG = 200;

/** Bytes that tags may cost. Some parsers walk through the whole file, and tags are not worth that. */
const BUDGET_BYTES = 16 * 1024 * 1024;

type RawTags = Pick<Partial<ICommonTagsResult>, 'title' | 'artist' | 'date' | 'year'>;

/**
 * What the file says of itself, and its name where it says nothing. Never fails: tags are a courtesy, and a sermon with
 * broken ones is published all the same. `notice` hears what went wrong.
 */
export async function readTags(object: RangedObject, key: string, notice: (error: unknown) => void): Promise<Tags> {
  let found: RawTags = {};
  try {
    const tokenizer = await makeChunkedTokenizerFromS3(rangesOf(withBudget(object)), { Bucket: 'unused', Key: 'unused' });
    // The observer hears each tag as it is found, so a file that breaks off later still has its title.
    const { common } = await parseFromTokenizer(tokenizer, { skipCovers: true, observer: ({ metadata }) => (found = metadata.common) });
    found = common;
  } catch (error) {
    notice(error);
  }
  return cleanTags(found, key);
}

/** Makes tags fit to be shown: one line each, at most 200 characters, a date that is one. */
export function cleanTags({ title, artist, date, year }: RawTags, key: string): Tags {
  const preacher = oneLine(artist);
  const when =
    /^\d{4}(?:-\d{2}-\d{2})?/.exec(date?.trim() ?? '')?.[0] ??
    (year !== undefined && year >= 1000 && year <= 9999 ? String(year) : undefined);
  return {
    title: oneLine(title) ?? titleFor(key),
    ...(preacher === undefined ? {} : { preacher }),
    ...(when === undefined ? {} : { date: when }),
  };
}

function oneLine(text: string | undefined): string | undefined {
  const line = text?.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim() ?? '';
  return line === '' ? undefined : Array.from(line).slice(0, LONGEST_TAG).join('');
}

function withBudget(object: RangedObject): RangedObject {
  let spent = 0;
  return new RangedObject(object.sizeBytes, async (start, end) => {
    spent += end - start;
    if (spent > BUDGET_BYTES) throw new Error(`tags are not found in ${BUDGET_BYTES} bytes`);
    return object.read(start, end - start);
  });
}

/** The tokenizer's S3 client: it asks for a kilobyte at a time, which the blocks of the ranged object answer. */
const rangesOf = (object: RangedObject): Parameters<typeof makeChunkedTokenizerFromS3>[0] => ({
  send: async ({ input: { Range: range = '' } }) => {
    const [, first = '0', last = '0'] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    const bytes = await object.read(Number(first), Number(last) - Number(first) + 1);
    return { ContentRange: `bytes ${first}-${Number(first) + bytes.length - 1}/${object.sizeBytes}`, Body: Readable.from([bytes]) };
  },
});
