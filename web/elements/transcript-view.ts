import { html, type PropertyValues } from 'lit';
import type { Transcript } from '../api/shapes.ts';
import { player } from '../player/the-player.ts';
import { strings } from '../strings.ts';
import { clock } from '../time.ts';
import { findInTranscript, indexAt, paragraphs, placeWords, wordAt, type Found, type TextSegment } from '../transcript.ts';
import { caretAt, mark, textRange } from './highlights.ts';
import { icons } from './icons.ts';
import { LightElement } from './light-element.ts';

const SCROLL_KEYS = ['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown'];

/** A transcript that follows the voice: the sentence and word being said are marked, and a click on a word plays it. */
class TranscriptView extends LightElement {
  static override properties = {
    sermonId: { type: String },
    transcript: { attribute: false },
    goesToMoment: { type: Boolean },
    isFollowing: { state: true },
    found: { state: true },
    foundAt: { state: true },
  };
  declare sermonId: string;
  declare transcript: Transcript;
  /** Whether to show the moment at once, as a link to it asks; otherwise the text stays at its top until the voice begins. */
  declare goesToMoment: boolean;
  declare isFollowing: boolean;
  declare found: readonly Found[];
  declare foundAt: number;
  #segments: readonly TextSegment[] = [];
  #current = -1;
  #currentWord = -1;
  readonly #moved = () => this.#showMoment();
  readonly #scrolled = (event: Event) => {
    // The reader looks elsewhere: the text stays where they put it until they ask for the voice again.
    if (!(event instanceof KeyboardEvent) || (SCROLL_KEYS.includes(event.key) && !(event.target instanceof HTMLInputElement)))
      this.isFollowing = false;
  };

  constructor() {
    super();
    this.goesToMoment = false;
    this.isFollowing = true;
    this.found = [];
    this.foundAt = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    player.addEventListener('time', this.#moved);
    for (const name of ['wheel', 'touchmove', 'keydown']) addEventListener(name, this.#scrolled, { passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    player.removeEventListener('time', this.#moved);
    for (const name of ['wheel', 'touchmove', 'keydown']) removeEventListener(name, this.#scrolled);
    for (const kind of ['spoken', 'found', 'found-here'] as const) mark(kind, []);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('transcript')) {
      this.#segments = this.transcript.segments.map(placeWords);
      this.#current = -1;
    }
  }

  override render() {
    return html`<div class="transcript-tools">
        <div class="find">
          ${icons.search}
          <label class="visually-hidden" for="find">${strings.findLabel}</label>
          <input
            id="find"
            type="search"
            placeholder=${strings.findLabel}
            autocomplete="off"
            @input=${(event: Event) => this.#find(event)}
            @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && this.#goTo(this.foundAt + (event.shiftKey ? -1 : 1))}
          />
          <span class="count" role="status">${this.#hasQuery() ? strings.findCount(this.foundAt + 1, this.found.length) : ''}</span>
          <button
            class="round small"
            aria-label=${strings.previousMatch}
            ?disabled=${this.found.length === 0}
            @click=${() => this.#goTo(this.foundAt - 1)}
          >
            ${icons.up}
          </button>
          <button
            class="round small"
            aria-label=${strings.nextMatch}
            ?disabled=${this.found.length === 0}
            @click=${() => this.#goTo(this.foundAt + 1)}
          >
            ${icons.down}
          </button>
        </div>
        <label class="follow"
          ><input type="checkbox" .checked=${this.isFollowing} @change=${(event: Event) => this.#follow(event)} /> ${strings.follow}</label
        >
      </div>
      <div class="transcript" lang=${this.transcript.language} @click=${(event: MouseEvent) => this.#clicked(event)}>
        ${paragraphs(this.#segments).map(
          ({ startSeconds, segments, firstIndex }) =>
            html`<div class="paragraph">
              <button class="stamp" aria-label=${strings.jumpTo(clock(startSeconds))} @click=${() => this.#playFrom(startSeconds)}>
                ${clock(startSeconds)}
              </button>
              <p>${segments.map(({ text }, index) => html`<span class="segment" data-index=${firstIndex + index}>${text}</span> `)}</p>
            </div>`,
        )}
      </div>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('transcript')) this.#showMoment();
    if (changed.has('found') || changed.has('foundAt')) this.#markFound();
  }

  #showMoment(): void {
    if (player.sermon?.id !== this.sermonId) return;
    const { seconds } = player;
    const current = indexAt(this.#segments, seconds);
    const segment = this.#segments[current];
    const element = this.#element(current);
    if (current !== this.#current) {
      this.querySelector('.segment.current')?.classList.remove('current');
      element?.classList.add('current');
      this.#current = current;
      this.#currentWord = -1;
      if (this.isFollowing && element !== null && (this.goesToMoment || player.isPlaying)) this.#scrollTo(element);
    }
    const wordIndex = segment === undefined ? -1 : indexAt(segment.words, seconds);
    if (wordIndex === this.#currentWord) return;
    this.#currentWord = wordIndex;
    const word = segment?.words[wordIndex];
    const range = word && element && textRange(element, word.start, word.end);
    mark('spoken', range ? [range] : []);
  }

  #clicked({ clientX, clientY, target }: MouseEvent): void {
    if (!(target instanceof Element) || target.closest('.segment') === null || getSelection()?.isCollapsed === false) return;
    const caret = caretAt(clientX, clientY);
    const segment = this.#segments[Number(caret?.element.closest('.segment')?.getAttribute('data-index') ?? -1)];
    const word = caret && segment && wordAt(segment, caret.offset);
    if (word) this.#playFrom(word.startSeconds);
  }

  #playFrom(seconds: number): void {
    this.isFollowing = true;
    // What goes wrong shows in the player's own place.
    player.open(this.sermonId, seconds).catch(() => undefined);
  }

  #follow({ target }: Event): void {
    this.isFollowing = target instanceof HTMLInputElement && target.checked;
    const element = this.#element(this.#current);
    if (this.isFollowing && element !== null) this.#scrollTo(element);
  }

  #hasQuery(): boolean {
    return (this.querySelector<HTMLInputElement>('#find')?.value.trim() ?? '') !== '';
  }

  #find({ target }: Event): void {
    if (!(target instanceof HTMLInputElement)) return;
    this.found = findInTranscript(this.#segments, target.value);
    this.foundAt = 0;
    this.requestUpdate();
    if (this.found.length > 0) this.#goTo(0);
  }

  #goTo(index: number): void {
    if (this.found.length === 0) return;
    this.isFollowing = false;
    this.foundAt = (index + this.found.length) % this.found.length;
    const element = this.#element(this.found[this.foundAt]?.segment ?? -1);
    if (element !== null) this.#scrollTo(element);
  }

  #markFound(): void {
    const ranges = this.found.map(({ segment, start, end }) => {
      const element = this.#element(segment);
      return element === null ? undefined : textRange(element, start, end);
    });
    const here = ranges[this.foundAt];
    mark('found', ranges.filter((range) => range !== undefined && range !== here) as Range[]);
    mark('found-here', here === undefined ? [] : [here]);
  }

  #element(index: number): Element | null {
    return this.querySelector(`.segment[data-index="${index}"]`);
  }

  #scrollTo(element: Element): void {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.scrollIntoView({ block: 'center', behavior: isCalm ? 'instant' : 'smooth' });
  }
}

customElements.define('transcript-view', TranscriptView);
