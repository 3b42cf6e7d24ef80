import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { RangedObject } from '../../../lambda/probe-audio/ranged-object.ts';
import { cleanTags, readTags } from '../../../lambda/probe-audio/tags.ts';
import type { Tags } from '../../../lambda/shared/sermon.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** One second of a tone with tags, made by ffmpeg. */
function recording(extension: string): Buffer {
  const file = join(tempFolder(), `a.${extension}`);
  const tags = ['title=The Good Shepherd', 'artist=A. Smith', 'date=2024-05-12'].flatMap((tag) => ['-metadata', tag]);
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=1', ...tags, file]);
  return readFileSync(file);
}

const tagsOf = (file: Buffer, notice: (error: unknown) => void = () => {}): Promise<Tags> =>
  readTags(new RangedObject(file.length, async (start, end) => file.subarray(start, end)), 'uploads/psalm_23.mp3', notice);

test.each(['mp3', 'm4a', 'flac', 'ogg'])('title, preacher and date come from the tags of %s', async (extension) => {
  expect(await tagsOf(recording(extension))).toEqual({ title: 'The Good Shepherd', preacher: 'A. Smith', date: '2024-05-12' });
});

test('broken tags fall back on the file name and fail nothing', async () => {
  const noticed: unknown[] = [];
  expect(await tagsOf(Buffer.from('<html>not a recording at all</html>'), (error) => noticed.push(error))).toEqual({ title: 'psalm 23' });
  expect(await tagsOf(recording('m4a').subarray(0, 2000), (error) => noticed.push(error))).toEqual({ title: 'psalm 23' });
  expect(noticed).not.toHaveLength(0);
});

test('a tag is one line of at most 200 characters', () => {
  const { title, preacher, date } = cleanTags(
    { title: `a\nb\u0000${'c'.repeat(300)}`, artist: '  ', date: 'Easter', year: 2024 },
    'uploads/x.mp3',
  );
  expect(title).toHaveLength(200);
  expect(title.startsWith('a b c')).toBe(true);
  expect([preacher, date]).toEqual([undefined, '2024']);
});
