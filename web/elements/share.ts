import { strings } from '../strings.ts';
import { toLinkTime } from '../time.ts';
import { sermonPath } from '../router.ts';
import { announce } from './announcer.ts';

/** Hands over a link to a sermon, at a moment when one is given: by the system's own sheet, or by copying. */
export async function shareSermon({ id, title }: { readonly id: string; readonly title: string }, seconds: number): Promise<void> {
  const url = new URL(sermonPath(id, seconds >= 1 ? toLinkTime(seconds) : undefined), location.href).href;
  // The sheet is for phones; elsewhere people expect the link in the clipboard.
  if ('share' in navigator && matchMedia('(pointer: coarse)').matches) {
    await navigator.share({ title, url }).catch(() => undefined);
    return;
  }
  try {
    await navigator.clipboard.writeText(url);
    announce(strings.copied);
  } catch {
    // No leave to write to the clipboard: the listener copies it.
    prompt(strings.copyByHand, url);
  }
}
