/** Ways to play: HLS by hls.js, HLS by the browser itself, and the whole MP3. */
export type EngineName = 'hlsjs' | 'native' | 'file';

/** What an engine is to play. */
export interface Source {
  /** Path of index.m3u8. */
  readonly stream: string;
  /** Path of the MP3. */
  readonly audio: string | undefined;
  /** The position that is meant, in seconds: an engine may fail before the element has any. */
  readonly startSeconds: number;
}

/** Connects a source to the element until `signal` aborts; `failed` is called once, when this engine can go no further. */
export type Engine = (audio: HTMLAudioElement, source: Source, signal: AbortSignal, failed: (reason: string) => void) => Promise<void>;

/**
 * Engines in the order to try. hls.js comes first where there is MediaSource but no ManagedMediaSource: Chromium plays HLS by
 * itself too, but gives up at the first failed request. Where ManagedMediaSource exists (Safari) the browser's own is the sound one.
 */
export function engineOrder(
  forced: string | null,
  has: { readonly mediaSource: boolean; readonly managed: boolean; readonly nativeHls: boolean },
): EngineName[] {
  if (forced === 'native' || forced === 'hlsjs') return [forced];
  const hls: EngineName[] = has.mediaSource && !has.managed ? ['hlsjs', 'native'] : ['native', 'hlsjs'];
  const able = hls.filter((name) => (name === 'native' ? has.nativeHls : has.mediaSource || has.managed));
  return [...able, 'file'];
}

/** What this browser has. */
export function browserMedia(audio: HTMLAudioElement): Parameters<typeof engineOrder>[1] {
  return {
    mediaSource: 'MediaSource' in globalThis,
    managed: 'ManagedMediaSource' in globalThis,
    nativeHls: audio.canPlayType('application/vnd.apple.mpegurl') !== '',
  };
}

// Four tries within some seven seconds, about as long as the sound already loaded lasts; hls.js itself would try for half a minute.
const RETRY = { maxNumRetry: 4, retryDelayMs: 500, maxRetryDelayMs: 4000 };

const byHlsJs: Engine = async (audio, { stream, startSeconds }, signal, failed) => {
  const { default: Hls } = await import('hls.js/light');
  if (signal.aborted) return;
  if (!Hls.isSupported()) return failed('hls.js is not supported here');
  // A worker would come from a blob: address, which the site's content security policy does not allow.
  const hls = new Hls({
    enableWorker: false,
    startPosition: startSeconds,
    // The segments carry timestamps in ID3, which nobody reads; a track for them would come from a data: address.
    enableID3MetadataCues: false,
    enableEmsgMetadataCues: false,
    enableDateRangeMetadataCues: false,
    fragLoadPolicy: { default: { ...Hls.DefaultConfig.fragLoadPolicy.default, errorRetry: RETRY } },
  });
  let hasRecovered = false;
  hls.on(Hls.Events.ERROR, (_, { fatal, type, details }) => {
    if (!fatal) return;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && !hasRecovered) {
      hasRecovered = true;
      hls.recoverMediaError();
      return;
    }
    failed(details);
  });
  signal.addEventListener('abort', () => hls.destroy());
  hls.loadSource(stream);
  hls.attachMedia(audio);
};

const byAddress = (path: (source: Source) => string | undefined): Engine => {
  return async (audio, source, signal, failed) => {
    const address = path(source);
    if (address === undefined) return failed('there is no such file');
    audio.addEventListener('error', () => failed(audio.error?.message ?? 'the browser gave up'), { signal, once: true });
    audio.addEventListener('loadedmetadata', () => (audio.currentTime = source.startSeconds), { signal, once: true });
    signal.addEventListener('abort', () => {
      audio.removeAttribute('src');
      audio.load();
    });
    audio.src = address;
  };
};

export const ENGINES: Readonly<Record<EngineName, Engine>> = {
  hlsjs: byHlsJs,
  native: byAddress(({ stream }) => stream),
  file: byAddress(({ audio }) => audio),
};
