import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { probeMedia } from '../../media/probe-media.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('an upload that points at other files opens none of them', async () => {
  const folder = tempFolder();
  const secret = join(folder, 'secret.wav');
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=1', secret]);
  const playlist = join(folder, 'upload.mp3');
  writeFileSync(playlist, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${secret}\n#EXT-X-ENDLIST\n`);
  const script = join(folder, 'script.mp3');
  writeFileSync(script, `ffconcat version 1.0\nfile 'secret.wav'\n`);
  await expect(probeMedia(playlist)).rejects.toMatchObject({ name: 'UnreadableMediaError' });
  await expect(probeMedia(script)).rejects.toMatchObject({ name: 'UnreadableMediaError' });
  await expect(probeMedia(secret)).resolves.toMatchObject({ container: 'wav' });
});
