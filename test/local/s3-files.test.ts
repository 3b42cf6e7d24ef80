import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { uploadFile } from '../../local/s3-files.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { BUCKET, openMediaCloud, POWERLESS_ROLE } from './media-cloud.ts';

const openFiles = (folder: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      // The listing's own handle is closed by now.
      return false;
    }
  }).length;

test('a refused upload leaves no file open', async () => {
  const media = await openMediaCloud();
  const folder = tempFolder();
  const file = join(folder, 'output');
  writeFileSync(file, 'sound');
  const refused = uploadFile(media.cloud, { kind: 'role', arn: POWERLESS_ROLE }, { bucket: BUCKET, key: 'k' }, file, 'audio/aac');
  await expect(refused).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(openFiles(folder)).toBe(0);
  await media.stop();
});
