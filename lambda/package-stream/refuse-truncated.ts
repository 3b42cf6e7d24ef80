import { TruncatedUploadError } from '../shared/errors.ts';

/** How much shorter a stream may be than the file's header said: codecs pad and trim, and headers round. */
const SHARE_ALLOWED = 0.02;
const SECONDS_ALLOWED = 2;

/**
 * Refuses an upload that was cut off. An MP3's header keeps promising the whole length, and decoders give what there is
 * without an error: comparing lengths is the only way to see it.
 * @throws TruncatedUploadError
 */
export function refuseTruncated(key: string, promisedSeconds: number, decodedSeconds: number): void {
  const missing = promisedSeconds - decodedSeconds;
  if (missing > SECONDS_ALLOWED && missing > SHARE_ALLOWED * promisedSeconds)
    throw new TruncatedUploadError(key, promisedSeconds, decodedSeconds);
}
