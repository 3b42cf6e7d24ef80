import { html } from 'lit';
import type { Waveform } from '../api/shapes.ts';
import { drawWithPlayer, player } from '../player/the-player.ts';
import { strings } from '../strings.ts';
import { clock } from '../time.ts';
import { LightElement } from './light-element.ts';
import { drawWaveform } from './waveform.ts';

/** The position in the sermon: a slider before the waveform. */
class SeekBar extends LightElement {
  static override properties = { waveform: { attribute: false } };
  declare waveform: Waveform | undefined;
  readonly #resized = new ResizeObserver(() => this.#draw());
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #redraw = () => this.#draw();

  constructor() {
    super();
    drawWithPlayer(this, { time: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.#scheme.addEventListener('change', this.#redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#scheme.removeEventListener('change', this.#redraw);
  }

  override render() {
    const { seconds, durationSeconds } = player;
    return html`<canvas aria-hidden="true"></canvas>
      <input
        type="range"
        min="0"
        max=${Math.max(1, Math.ceil(durationSeconds))}
        step="1"
        .value=${String(Math.floor(seconds))}
        aria-label=${strings.position}
        aria-valuetext=${strings.positionText(clock(seconds), clock(durationSeconds))}
        @input=${(event: Event) => this.#seek(event)}
      />`;
  }

  override updated(): void {
    this.#draw();
  }

  #seek({ target }: Event): void {
    if (target instanceof HTMLInputElement) player.seek(Number(target.value));
  }

  #draw(): void {
    const canvas = this.querySelector('canvas');
    const { durationSeconds, seconds } = player;
    if (canvas !== null) drawWaveform(canvas, this.waveform?.peaks ?? [], durationSeconds > 0 ? seconds / durationSeconds : 0);
  }
}

customElements.define('seek-bar', SeekBar);
