/** Which page an address is. */
export type Route =
  | { readonly page: 'library' }
  | { readonly page: 'sermon'; readonly id: string; readonly time: string | null }
  | { readonly page: 'search'; readonly query: string }
  | { readonly page: 'missing' };

/** Reads an address of this site. */
export function routeOf({ pathname, searchParams }: URL): Route {
  if (pathname === '/') return { page: 'library' };
  if (pathname === '/search') return { page: 'search', query: searchParams.get('q')?.trim() ?? '' };
  const id = /^\/sermons\/([^/]+)\/?$/.exec(pathname)?.[1];
  return id === undefined ? { page: 'missing' } : { page: 'sermon', id: decodeURIComponent(id), time: searchParams.get('t') };
}

/** The path of a sermon's page. */
export function sermonPath(id: string, linkTime?: string): string {
  return `/sermons/${encodeURIComponent(id)}${linkTime === undefined ? '' : `?t=${linkTime}`}`;
}

/** Goes to another page of this site without loading it anew, so that the sound goes on. */
export function navigate(path: string): void {
  history.pushState(null, '', path);
  dispatchEvent(new Event('pulpit:navigate'));
}

/** Calls `changed` whenever the address changes, and takes over clicks on links within the site. */
export function watchRoute(changed: (cause: 'link' | 'history') => void): void {
  addEventListener('pulpit:navigate', () => changed('link'));
  addEventListener('popstate', () => changed('history'));
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    const url = new URL(link.href, location.href);
    // Links with a file's extension (downloads) and links out of the site are the browser's.
    if (url.origin !== location.origin || link.target !== '' || link.hasAttribute('download') || routeOf(url).page === 'missing') return;
    if (url.pathname === location.pathname && url.hash !== '') return;
    event.preventDefault();
    navigate(`${url.pathname}${url.search}`);
  });
}
