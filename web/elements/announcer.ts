const SHOWN_MS = 3000;
let hideTimer: ReturnType<typeof setTimeout> | undefined;

/** Says something in passing: shown for a moment, and spoken by screen readers. */
export function announce(message: string): void {
  const place = document.querySelector('#announcer');
  if (place === null) return;
  place.textContent = message;
  clearTimeout(hideTimer);
  hideTimer = setTimeout(() => (place.textContent = ''), SHOWN_MS);
}
