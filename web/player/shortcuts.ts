import { BACK_SECONDS, FORWARD_SECONDS } from './media-session.ts';
import type { Player } from './player.ts';

const SETTING = 'pulpit.shortcuts';

/** Whether single keys act; a listener who dictates or leans on keys can switch them off (WCAG 2.1.4). */
export function shortcutsOn(): boolean {
  return localStorage.getItem(SETTING) !== 'off';
}

export function setShortcutsOn(isOn: boolean): void {
  localStorage.setItem(SETTING, isOn ? 'on' : 'off');
}

/** Obeys single keys everywhere but where text is typed; `focusSearch` and `showList` are the page's. */
export function connectShortcuts(player: Player, page: { readonly focusSearch: () => void; readonly showList: () => void }): void {
  const actions: Readonly<Record<string, () => void>> = {
    k: () => player.toggle(),
    ' ': () => player.toggle(),
    j: () => player.seek(player.seconds - BACK_SECONDS),
    l: () => player.seek(player.seconds + FORWARD_SECONDS),
    m: () => player.toggleMute(),
    '<': () => player.stepRate(-1),
    '>': () => player.stepRate(1),
    '/': page.focusSearch,
    '?': page.showList,
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !shortcutsOn()) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest('input:not([type=range], [type=checkbox]), textarea, select, [contenteditable], dialog') !== null) return;
    // Space presses what has the focus.
    if (event.key === ' ' && target.closest('button, a, input, summary') !== null) return;
    const digit = /^\d$/.test(event.key) ? Number(event.key) : undefined;
    const action = digit === undefined ? actions[event.key] : () => player.seek((player.durationSeconds * digit) / 10);
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
