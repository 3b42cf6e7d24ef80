import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { search } from '../api/client.ts';
import type { SearchHit, SearchPage as Hits } from '../api/shapes.ts';
import { icons } from '../elements/icons.ts';
import { LightElement } from '../elements/light-element.ts';
import { drawWithPlayer, player } from '../player/the-player.ts';
import { sermonPath } from '../router.ts';
import { strings } from '../strings.ts';
import { clock, toLinkTime } from '../time.ts';

/** Moments in which something was said; each plays where it stands. */
class SearchPage extends LightElement {
  static override properties = { query: { type: String }, hits: { state: true }, hasFailed: { state: true } };
  declare query: string;
  declare hits: Hits | undefined;
  declare hasFailed: boolean;

  constructor() {
    super();
    this.hasFailed = false;
    drawWithPlayer(this, { time: false });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query')) void this.#search();
  }

  override render() {
    return html`<div class="hero">
        <h1 tabindex="-1">${strings.searchTitle(this.query)}</h1>
        <p class="quiet" role="status">${this.#summary()}</p>
      </div>
      ${this.hits?.degraded === undefined ? nothing : html`<p class="notice">${strings.degraded}</p>`}
      <ul class="hits">
        ${this.hits?.items.map((hit) => this.#hit(hit))}
      </ul>
      ${this.hits?.next ? html`<button class="text more" @click=${() => this.#more()}>${strings.loadMore}</button>` : nothing}`;
  }

  #summary(): string | TemplateResult {
    if (this.query === '') return strings.searchHint;
    if (this.hasFailed) return html`${strings.unreachable} <button class="text" @click=${() => this.#search()}>${strings.retry}</button>`;
    if (this.hits === undefined) return strings.loading;
    return this.hits.items.length === 0 ? strings.noHits : strings.hitCount(this.hits.items.length, Boolean(this.hits.next));
  }

  #hit(hit: SearchHit): TemplateResult {
    const { sermonId, title, startSeconds } = hit;
    const at = clock(startSeconds);
    return html`<li class="hit">
      <button
        class="round main"
        aria-label=${strings.playFrom(at, title)}
        @click=${() => player.open(sermonId, startSeconds).catch(() => undefined)}
      >
        ${icons.play}
      </button>
      <div>
        <blockquote>${marked(hit)}</blockquote>
        <p class="quiet"><a href=${sermonPath(sermonId, toLinkTime(startSeconds))}>${title}</a> · <span class="time">${at}</span></p>
      </div>
    </li>`;
  }

  async #search(): Promise<void> {
    const { query } = this;
    this.hits = undefined;
    this.hasFailed = false;
    if (query === '') return;
    try {
      const hits = await search(query);
      if (query === this.query) this.hits = hits;
    } catch {
      if (query === this.query) this.hasFailed = true;
    }
  }

  async #more(): Promise<void> {
    const { query, hits } = this;
    if (hits === undefined) return;
    const more = await search(query, hits.next).catch(() => undefined);
    if (more === undefined) this.hasFailed = true;
    else if (query === this.query) this.hits = { ...more, items: [...hits.items, ...more.items] };
  }
}

function marked({ text, highlights }: SearchHit): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let at = 0;
  for (const [from, to] of highlights.toSorted((a, b) => a[0] - b[0])) {
    if (from < at) continue;
    parts.push(text.slice(at, from), html`<mark>${text.slice(from, to)}</mark>`);
    at = to;
  }
  return [...parts, text.slice(at)];
}

customElements.define('search-page', SearchPage);
