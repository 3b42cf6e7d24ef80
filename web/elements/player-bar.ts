import { html, nothing } from 'lit';
import { getWaveform } from '../api/client.ts';
import type { Sermon, Waveform } from '../api/shapes.ts';
import { BACK_SECONDS, FORWARD_SECONDS } from '../player/media-session.ts';
import { RATES } from '../player/player.ts';
import { drawWithPlayer, player } from '../player/the-player.ts';
import { sermonPath } from '../router.ts';
import { strings } from '../strings.ts';
import { clock } from '../time.ts';
import { icons } from './icons.ts';
import { LightElement } from './light-element.ts';
import './seek-bar.ts';
import { shareSermon } from './share.ts';

/** The player at the foot of every page, once there is something to play. */
class PlayerBar extends LightElement {
  static override properties = { waveform: { state: true } };
  declare waveform: Waveform | undefined;
  #waveformOf = '';

  constructor() {
    super();
    drawWithPlayer(this, { time: true });
  }

  override render() {
    const { sermon, seconds, durationSeconds } = player;
    if (sermon === undefined) return nothing;
    return html`<section class="player-bar" aria-label=${strings.player}>
      <div class="now">
        <a href=${sermonPath(sermon.id)} aria-label=${strings.openSermon(sermon.title)}>${sermon.title}</a>
        <span class="quiet"
          >${player.hasFailed ? strings.playbackFailed : player.isBuffering && player.isPlaying ? strings.buffering : sermon.preacher}</span
        >
      </div>
      <div class="controls">
        <button class="round" aria-label=${strings.back} @click=${() => player.seek(player.seconds - BACK_SECONDS)}>${icons.back}</button>
        <button class="round main" aria-label=${player.isPlaying ? strings.pause : strings.play} @click=${() => player.toggle()}>
          ${player.isPlaying ? icons.pause : icons.play}
        </button>
        <button class="round" aria-label=${strings.forward} @click=${() => player.seek(player.seconds + FORWARD_SECONDS)}>
          ${icons.forward}
        </button>
      </div>
      <div class="timeline">
        <span class="time">${clock(seconds)}</span>
        <seek-bar .waveform=${this.waveform}></seek-bar>
        <span class="time">${clock(durationSeconds)}</span>
      </div>
      <div class="extras">${this.#extras(sermon)}</div>
    </section>`;
  }

  override updated(): void {
    const { sermon } = player;
    if (sermon !== undefined && this.#waveformOf !== sermon.id) void this.#loadWaveform(sermon);
  }

  #extras(sermon: Sermon) {
    const isMuted = player.audio.muted;
    return html`<label class="rate">
        <span class="visually-hidden">${strings.speed}</span>
        <select @change=${(event: Event) => this.#changeRate(event)}>
          ${RATES.map((rate) => html`<option value=${rate} ?selected=${rate === player.rate}>${rate}×</option>`)}
        </select>
      </label>
      <button class="round volume" aria-label=${isMuted ? strings.unmute : strings.mute} @click=${() => player.toggleMute()}>
        ${isMuted ? icons.silent : icons.sound}
      </button>
      <button class="round" aria-label=${strings.shareAt(clock(player.seconds))} @click=${() => shareSermon(sermon, player.seconds)}>
        ${icons.share}
      </button>`;
  }

  async #loadWaveform(sermon: Sermon): Promise<void> {
    this.#waveformOf = sermon.id;
    this.waveform = undefined;
    // package-stream writes it beside the MP3.
    const path = sermon.waveform ?? sermon.audio?.replace(/[^/]+$/, 'waveform.json');
    const waveform = path === undefined ? undefined : await getWaveform(path);
    if (this.#waveformOf === sermon.id) this.waveform = waveform;
  }

  #changeRate({ target }: Event): void {
    if (target instanceof HTMLSelectElement) player.rate = Number(target.value);
  }
}

customElements.define('player-bar', PlayerBar);
