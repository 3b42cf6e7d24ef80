import { html } from 'lit';
import { LightElement } from './elements/light-element.ts';
import './elements/player-bar.ts';
import './elements/search-box.ts';
import './pages/library-page.ts';
import './pages/search-page.ts';
import './pages/sermon-page.ts';
import { connectMediaSession } from './player/media-session.ts';
import { connectShortcuts, setShortcutsOn, shortcutsOn } from './player/shortcuts.ts';
import { player } from './player/the-player.ts';
import { routeOf, watchRoute, type Route } from './router.ts';
import { strings } from './strings.ts';

/** The site: a header, the page of the address, and the player below it. */
class PulpitApp extends LightElement {
  static override properties = { route: { state: true } };
  declare route: Route;
  #cameByLink = false;

  constructor() {
    super();
    this.route = routeOf(new URL(location.href));
  }

  override firstUpdated(): void {
    this.#setTitle();
    watchRoute((cause) => this.#changeRoute(cause));
    connectMediaSession(player);
    connectShortcuts(player, {
      focusSearch: () => this.querySelector<HTMLInputElement>('#library-search')?.focus(),
      showList: () => this.#dialog?.showModal(),
    });
  }

  override render() {
    return html`<a class="skip" href="#content">${strings.skipToContent}</a>
      <header class="site-head">
        <a class="brand" href="/">${strings.brand}</a>
        <search-box .query=${this.route.page === 'search' ? this.route.query : ''}></search-box>
      </header>
      <main id="content" tabindex="-1">${this.#page()}</main>
      <footer class="site-foot">
        <button class="text" @click=${() => this.#dialog?.showModal()}>${strings.shortcuts}</button>
      </footer>
      <player-bar></player-bar>
      <p id="announcer" role="status"></p>
      ${shortcutsDialog()}`;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector('dialog');
  }

  #page() {
    const { route } = this;
    switch (route.page) {
      case 'library':
        return html`<library-page></library-page>`;
      case 'search':
        return html`<search-page .query=${route.query}></search-page>`;
      case 'sermon':
        return html`<sermon-page .sermonId=${route.id} .linkTime=${route.time} .playsAtOnce=${this.#cameByLink}></sermon-page>`;
      default:
        return html`<h1 tabindex="-1">${strings.pageMissing}</h1>
          <p><a href="/">${strings.toLibrary}</a></p>`;
    }
  }

  #changeRoute(cause: 'link' | 'history'): void {
    this.#cameByLink = cause === 'link';
    this.route = routeOf(new URL(location.href));
    this.#setTitle();
    if (cause === 'history') return;
    scrollTo(0, 0);
    // Screen readers begin with the new page, as they would after a real navigation.
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('main')?.focus({ preventScroll: true }));
  }

  #setTitle(): void {
    const { route } = this;
    const titles = {
      library: strings.library,
      sermon: strings.loading,
      search: strings.searchTitle(route.page === 'search' ? route.query : ''),
      missing: strings.pageMissing,
    };
    document.title = `${titles[route.page]} · ${strings.brand}`;
  }
}

function changeShortcuts({ target }: Event): void {
  if (target instanceof HTMLInputElement) setShortcutsOn(target.checked);
}

function shortcutsDialog() {
  return html`<dialog aria-labelledby="shortcuts-title" closedby="any">
    <h2 id="shortcuts-title">${strings.shortcuts}</h2>
    <dl>
      ${strings.shortcutList.map(
        ([keys, meaning]) =>
          html`<div>
            <dt>${keys}</dt>
            <dd>${meaning}</dd>
          </div>`,
      )}
    </dl>
    <label class="follow"><input type="checkbox" .checked=${shortcutsOn()} @change=${changeShortcuts} /> ${strings.shortcutsOn}</label>
    <form method="dialog"><button class="secondary">${strings.close}</button></form>
  </dialog>`;
}

customElements.define('pulpit-app', PulpitApp);
