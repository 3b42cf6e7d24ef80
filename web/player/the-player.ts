import type { ReactiveControllerHost } from 'lit';
import { Player } from './player.ts';

/** The site's player. */
export const player = new Player();

/** Draws its host again whenever the player's state changes; with `time`, also as the sound goes on, four times a second. */
export function drawWithPlayer(host: ReactiveControllerHost, { time }: { readonly time: boolean }): void {
  const update = () => host.requestUpdate();
  host.addController({
    hostConnected() {
      player.addEventListener('change', update);
      if (time) player.audio.addEventListener('timeupdate', update);
    },
    hostDisconnected() {
      player.removeEventListener('change', update);
      player.audio.removeEventListener('timeupdate', update);
    },
  });
}
