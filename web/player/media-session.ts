import type { Player } from './player.ts';

export const BACK_SECONDS = 15;
export const FORWARD_SECONDS = 30;

/** Tells the system what is playing, and obeys its buttons: lock screens, headsets, keyboards with media keys. */
export function connectMediaSession(player: Player): void {
  if (!('mediaSession' in navigator)) return;
  const session = navigator.mediaSession;
  session.setActionHandler('play', () => player.play());
  session.setActionHandler('pause', () => player.pause());
  session.setActionHandler('seekbackward', ({ seekOffset }) => player.seek(player.seconds - (seekOffset ?? BACK_SECONDS)));
  session.setActionHandler('seekforward', ({ seekOffset }) => player.seek(player.seconds + (seekOffset ?? FORWARD_SECONDS)));
  session.setActionHandler('seekto', ({ seekTime }) => player.seek(seekTime ?? player.seconds));

  let shown = '';
  player.addEventListener('change', () => {
    const { sermon, durationSeconds, seconds, rate } = player;
    if (sermon === undefined) return;
    if (shown !== sermon.id) {
      shown = sermon.id;
      session.metadata = new MediaMetadata({ title: sermon.title, artist: sermon.preacher ?? '', album: 'Pulpit' });
    }
    session.playbackState = player.isPlaying ? 'playing' : 'paused';
    if (durationSeconds > 0)
      session.setPositionState({ duration: durationSeconds, position: Math.min(seconds, durationSeconds), playbackRate: rate });
  });
}
