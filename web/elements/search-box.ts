import { html } from 'lit';
import { navigate } from '../router.ts';
import { strings } from '../strings.ts';
import { icons } from './icons.ts';
import { LightElement } from './light-element.ts';

/** The search of the whole library, on every page. */
class SearchBox extends LightElement {
  static override properties = { query: { type: String } };
  declare query: string;

  constructor() {
    super();
    this.query = '';
  }

  override render() {
    return html`<form class="search-box" role="search" action="/search" @submit=${(event: SubmitEvent) => this.#submit(event)}>
      ${icons.search}
      <label class="visually-hidden" for="library-search">${strings.searchLabel}</label>
      <input
        id="library-search"
        type="search"
        name="q"
        placeholder=${strings.searchLabel}
        autocomplete="off"
        enterkeyhint="search"
        .value=${this.query}
      />
      <button class="visually-hidden" type="submit">${strings.searchButton}</button>
    </form>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const query = this.querySelector('input')?.value.trim() ?? '';
    if (query !== '') navigate(`/search?q=${encodeURIComponent(query)}`);
  }
}

customElements.define('search-box', SearchBox);
