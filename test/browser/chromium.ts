import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const PLACES = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Starts the machine's own Chromium without a window.
 * @throws Error when there is none
 */
export function launchChromium(): Promise<Browser> {
  const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) throw new Error('no Chromium found; install the package chromium, or set CHROMIUM_PATH to its program');
  return chromium.launch({
    executablePath,
    // Sound may start without a click; a sandbox needs rights that containers do not give.
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-background-networking'],
  });
}

/** What the page's one audio element says of itself. */
export function soundOf(page: Page): Promise<{ seconds: number; rate: number; isPaused: boolean; decodedBytes: number; source: string }> {
  return page.evaluate(() => {
    const audio = document.querySelector('audio');
    if (audio === null) throw new Error('no audio element');
    // Chromium's own count of what its decoder has turned into sound.
    const decoded: unknown = Reflect.get(audio, 'webkitAudioDecodedByteCount');
    return {
      seconds: audio.currentTime,
      rate: audio.playbackRate,
      isPaused: audio.paused,
      decodedBytes: Number(decoded),
      source: audio.src,
    };
  });
}

/** Waits until the sound is past a moment, decoded and going on. */
export async function playsPast(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction(
    (past) => {
      const audio = document.querySelector('audio');
      return audio !== null && !audio.paused && audio.currentTime > past && Number(Reflect.get(audio, 'webkitAudioDecodedByteCount')) > 0;
    },
    seconds,
    { timeout: 20_000 },
  );
}
