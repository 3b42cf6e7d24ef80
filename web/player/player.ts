import { getSermon } from '../api/client.ts';
import type { Sermon } from '../api/shapes.ts';
import { EngineChain } from './engine-chain.ts';
import { browserMedia, engineOrder, type EngineName, type Source } from './engines.ts';
import { forgetPosition, keepPosition, keptPosition } from './positions.ts';

/** Speeds to choose from; 1 is as spoken. */
export const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2] as const;

// The position is kept about this often while playing.
const KEEP_EVERY_SECONDS = 5;

/**
 * The one sound of the site: a single audio element that outlives every page. Sends `change` when its state changes and
 * `time` with every frame while it plays.
 */
export class Player extends EventTarget {
  readonly audio = document.createElement('audio');
  sermon: Sermon | undefined;
  /** The engine that plays now. */
  engine: EngineName | undefined;
  isBuffering = false;
  /** No engine was able to play. */
  hasFailed = false;
  #wantsPlay = false;
  #intendedSeconds = 0;
  #rate = 1;
  readonly #engines = new EngineChain(
    this.audio,
    () => this.#source(),
    (engine) => this.#engineChanged(engine),
  );
  #keptAt = 0;
  #frame = 0;
  #opening = '';

  constructor() {
    super();
    this.audio.preload = 'auto';
    document.body.append(this.audio);
    this.#listen();
  }

  get isPlaying(): boolean {
    return this.#wantsPlay;
  }

  /** Where the listener is, in seconds; while an engine is being started, where it will start. */
  get seconds(): number {
    return this.#intendedSeconds;
  }

  get durationSeconds(): number {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : (this.sermon?.durationSeconds ?? 0);
  }

  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    this.#rate = Math.min(Math.max(rate, RATES[0]), RATES[RATES.length - 1] ?? 2);
    this.#applyRate();
    this.#changed();
  }

  /** The sermon that is playing or about to be. */
  isOn(id: string): boolean {
    return this.sermon?.id === id || this.#opening === id;
  }

  /** Plays a sermon from a moment, or from where the listener was. @throws ApiError */
  async open(id: string, startSeconds?: number): Promise<void> {
    if (this.sermon?.id === id) {
      if (startSeconds !== undefined) this.seek(startSeconds);
      return this.play();
    }
    this.#opening = id;
    try {
      const sermon = await getSermon(id);
      if (this.#opening === id) this.load(sermon, { startSeconds, play: true });
    } finally {
      if (this.#opening === id) this.#opening = '';
    }
  }

  /** Takes a published sermon; without `startSeconds` it begins where the listener was. */
  load(sermon: Sermon, { startSeconds, play }: { readonly startSeconds?: number | undefined; readonly play: boolean }): void {
    this.sermon = sermon;
    this.#opening = '';
    this.#intendedSeconds = startSeconds ?? keptPosition(sermon.id) ?? 0;
    this.#wantsPlay = play;
    const forced = new URLSearchParams(location.search).get('engine');
    this.#engines.start(engineOrder(forced, browserMedia(this.audio)));
  }

  play(): void {
    if (this.sermon === undefined) return;
    this.#wantsPlay = true;
    if (this.hasFailed) return this.load(this.sermon, { startSeconds: this.#intendedSeconds, play: true });
    if (this.audio.ended) this.seek(0);
    this.#playElement();
    this.#changed();
  }

  pause(): void {
    this.#wantsPlay = false;
    this.audio.pause();
    this.#changed();
  }

  toggle(): void {
    if (this.#wantsPlay) this.pause();
    else this.play();
  }

  seek(seconds: number): void {
    this.#intendedSeconds = Math.min(Math.max(0, seconds), this.durationSeconds || seconds);
    if (this.audio.readyState >= HTMLMediaElement.HAVE_METADATA) this.audio.currentTime = this.#intendedSeconds;
    this.dispatchEvent(new Event('time'));
    this.#changed();
  }

  /** The next slower or faster speed. */
  stepRate(direction: -1 | 1): void {
    const index = RATES.findIndex((rate) => rate === this.#rate);
    this.rate = RATES[Math.min(Math.max(0, index + direction), RATES.length - 1)] ?? 1;
  }

  toggleMute(): void {
    this.audio.muted = !this.audio.muted;
  }

  #source(): Source | undefined {
    const { sermon } = this;
    return sermon?.stream === undefined ? undefined : { stream: sermon.stream, audio: sermon.audio, startSeconds: this.#intendedSeconds };
  }

  #engineChanged(engine: EngineName | undefined): void {
    this.engine = engine;
    this.hasFailed = engine === undefined;
    this.isBuffering = engine !== undefined;
    if (engine === undefined) this.#wantsPlay = false;
    this.#applyRate();
    this.#changed();
  }

  #playElement(): void {
    if (this.audio.readyState < HTMLMediaElement.HAVE_METADATA) return;
    this.audio.play().catch((error: unknown) => {
      // A browser that wants a gesture first; the button then says Play again.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.pause();
    });
  }

  #applyRate(): void {
    // A new source falls back to the default rate, so that is set too.
    this.audio.defaultPlaybackRate = this.#rate;
    this.audio.playbackRate = this.#rate;
  }

  #listen(): void {
    const on = (names: string, listener: () => void) => {
      for (const name of names.split(' ')) this.audio.addEventListener(name, listener);
    };
    on('durationchange volumechange seeked', () => this.#changed());
    on('loadedmetadata', () => {
      this.#applyRate();
      // What was sought while there was nothing to seek in.
      if (Math.abs(this.audio.currentTime - this.#intendedSeconds) > 0.5) this.audio.currentTime = this.#intendedSeconds;
      if (this.#wantsPlay) this.#playElement();
    });
    on('waiting', () => this.#buffering(true));
    on('playing canplay', () => this.#buffering(false));
    on('playing', () => this.#followFrames());
    on('timeupdate', () => this.#moved());
    on('pause', () => {
      // The system (a headset, another tab) may pause too; a source that is being changed does not count.
      if (this.audio.readyState >= HTMLMediaElement.HAVE_METADATA) this.#wantsPlay = false;
      this.#keep();
      this.#changed();
    });
    on('play', () => {
      this.#wantsPlay = true;
      this.#changed();
    });
    on('ended', () => {
      this.#wantsPlay = false;
      if (this.sermon !== undefined) forgetPosition(this.sermon.id);
      this.#changed();
    });
    addEventListener('pagehide', () => this.#keep());
  }

  #buffering(isBuffering: boolean): void {
    this.isBuffering = isBuffering;
    this.#changed();
  }

  #moved(): void {
    if (this.audio.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || this.audio.seeking) return;
    this.#intendedSeconds = this.audio.currentTime;
    if (Math.abs(this.#intendedSeconds - this.#keptAt) >= KEEP_EVERY_SECONDS) this.#keep();
    this.dispatchEvent(new Event('time'));
  }

  #followFrames(): void {
    cancelAnimationFrame(this.#frame);
    const step = () => {
      if (this.audio.paused) return;
      this.#moved();
      this.#frame = requestAnimationFrame(step);
    };
    step();
  }

  #keep(): void {
    if (this.sermon === undefined || this.audio.ended) return;
    this.#keptAt = this.#intendedSeconds;
    keepPosition(this.sermon.id, this.#intendedSeconds, this.durationSeconds);
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
