import { ENGINES, type EngineName, type Source } from './engines.ts';

/** Keeps one engine going: when it fails, the next takes over from where the listener is. */
export class EngineChain {
  readonly #audio: HTMLAudioElement;
  readonly #source: () => Source | undefined;
  readonly #changed: (engine: EngineName | undefined) => void;
  #left: EngineName[] = [];
  #stop = new AbortController();

  /** `source` is asked anew for each engine; `changed` hears which one plays, and undefined when none is left. */
  constructor(audio: HTMLAudioElement, source: () => Source | undefined, changed: (engine: EngineName | undefined) => void) {
    this.#audio = audio;
    this.#source = source;
    this.#changed = changed;
  }

  /** Starts the first of these engines, in place of whatever played. */
  start(engines: readonly EngineName[]): void {
    this.#left = [...engines];
    this.#next();
  }

  #next(): void {
    this.#stop.abort();
    const source = this.#source();
    const name = source === undefined ? undefined : this.#left.shift();
    if (source === undefined || name === undefined) return this.#changed(undefined);
    const stop = new AbortController();
    this.#stop = stop;
    const failed = (reason: string) => {
      if (stop.signal.aborted) return;
      console.warn(`playing by ${name} failed: ${reason}`);
      this.#next();
    };
    // A chunk that cannot be loaded is a failed engine like any other.
    ENGINES[name](this.#audio, source, stop.signal, failed).catch((error: unknown) => failed(String(error)));
    this.#changed(name);
  }
}
