import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { listSermons } from '../api/client.ts';
import type { SermonSummary } from '../api/shapes.ts';
import { LightElement } from '../elements/light-element.ts';
import { sermonCard } from '../elements/sermon-card.ts';
import { drawWithPlayer } from '../player/the-player.ts';
import { strings } from '../strings.ts';
import { Polling } from './polling.ts';

/** All sermons, the newest first; those being prepared appear by themselves when they are ready. */
class LibraryPage extends LightElement {
  static override properties = { sermons: { state: true }, next: { state: true }, hasFailed: { state: true } };
  declare sermons: readonly SermonSummary[] | undefined;
  declare next: string | null | undefined;
  declare hasFailed: boolean;
  readonly #polling = new Polling(() => this.#refresh());
  readonly #returned = () => {
    // Whoever comes back to the page sees what was uploaded meanwhile.
    if (!document.hidden && this.sermons !== undefined) void this.#load();
  };

  constructor() {
    super();
    this.hasFailed = false;
    drawWithPlayer(this, { time: false });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#returned);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#returned);
    this.#polling.stop();
  }

  override render() {
    return html`<div class="hero">
        <h1 tabindex="-1">${strings.latest}</h1>
        <p class="quiet">${strings.tagline}</p>
      </div>
      ${this.#body()}`;
  }

  #body() {
    if (this.hasFailed) {
      return html`<p class="notice" role="status">
        ${strings.unreachable} <button class="text" @click=${() => this.#load()}>${strings.retry}</button>
      </p>`;
    }
    if (this.sermons === undefined) return html`<p class="quiet" role="status">${strings.loading}</p>`;
    if (this.sermons.length === 0) return html`<p class="notice" role="status">${strings.emptyLibrary}</p>`;
    return html`<ul class="cards">
        ${repeat(this.sermons, ({ id }) => id, sermonCard)}
      </ul>
      ${this.next ? html`<button class="text more" @click=${() => this.#loadMore()}>${strings.loadMore}</button>` : nothing}`;
  }

  async #load(): Promise<void> {
    this.hasFailed = false;
    try {
      if (await this.#refresh()) this.#polling.start();
    } catch {
      this.hasFailed = true;
    }
  }

  /** Whether to ask again soon: something is being prepared, or the library is about to get its first sermon. */
  async #refresh(): Promise<boolean> {
    const { items, next } = await listSermons();
    const known = new Set(items.map(({ id }) => id));
    // Later pages stay as they were loaded.
    const later = this.sermons?.slice(items.length).filter(({ id }) => !known.has(id)) ?? [];
    this.sermons = [...items, ...later];
    if (later.length === 0) this.next = next;
    return this.sermons.length === 0 || this.sermons.some(({ status }) => status === 'processing');
  }

  async #loadMore(): Promise<void> {
    const { items, next } = await listSermons(this.next);
    this.sermons = [...(this.sermons ?? []), ...items];
    this.next = next;
  }
}

customElements.define('library-page', LibraryPage);
