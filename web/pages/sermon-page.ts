import { html, nothing, type PropertyValues } from 'lit';
import { ApiError, getSermon, getTranscript } from '../api/client.ts';
import type { Sermon, Transcript } from '../api/shapes.ts';
import { icons } from '../elements/icons.ts';
import { LightElement } from '../elements/light-element.ts';
import { shareSermon } from '../elements/share.ts';
import '../elements/transcript-view.ts';
import { drawWithPlayer, player } from '../player/the-player.ts';
import { failureSentence, strings } from '../strings.ts';
import { clock, day, fromLinkTime, length } from '../time.ts';
import { Polling } from './polling.ts';

/** One sermon: what it is, the way to hear it, and what was said. */
class SermonPage extends LightElement {
  static override properties = {
    sermonId: { type: String },
    linkTime: { attribute: false },
    playsAtOnce: { type: Boolean },
    sermon: { state: true },
    transcript: { state: true },
    problem: { state: true },
  };
  declare sermonId: string;
  declare linkTime: string | null;
  declare playsAtOnce: boolean;
  declare sermon: Sermon | undefined;
  declare transcript: Transcript | 'missing' | undefined;
  declare problem: string | undefined;
  readonly #polling = new Polling(() => this.#refresh());

  constructor() {
    super();
    drawWithPlayer(this, { time: false });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#polling.stop();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('sermonId')) void this.#load();
    else if (changed.has('linkTime')) this.#goToLink();
  }

  override render() {
    if (this.problem !== undefined) {
      return html`<h1 tabindex="-1">${this.problem}</h1>
        <p><a href="/">${strings.toLibrary}</a></p>`;
    }
    const { sermon } = this;
    if (sermon === undefined) return html`<p class="quiet" role="status">${strings.loading}</p>`;
    const facts = [
      sermon.preacher,
      sermon.date && day(sermon.date),
      sermon.durationSeconds === undefined ? undefined : length(sermon.durationSeconds),
    ];
    return html`<article>
      <header class="sermon-head">
        <h1 tabindex="-1">${sermon.title}</h1>
        <p class="quiet">${facts.filter((fact) => fact !== undefined).join(' · ')}</p>
        ${sermon.stream === undefined ? this.#unpublished(sermon) : this.#actions(sermon)}
      </header>
      ${sermon.stream === undefined ? nothing : this.#transcript(sermon)}
    </article>`;
  }

  #unpublished({ status, error }: Sermon) {
    const sentence = {
      processing: strings.processing,
      scheduled: strings.scheduled,
      removed: strings.removed,
      published: strings.loading,
      failed: failureSentence(error),
    }[status];
    return html`<p class="notice" role="status" data-status=${status}><span class="pill">${strings.status[status]}</span> ${sentence}</p>`;
  }

  #actions(sermon: Sermon) {
    const isOn = player.sermon?.id === sermon.id;
    const isPlaying = isOn && player.isPlaying;
    const startsAt = isOn && player.seconds >= 1 ? player.seconds : undefined;
    const label = isPlaying
      ? strings.pause
      : startsAt === undefined
        ? strings.playLength(sermon.durationSeconds ?? 0)
        : strings.resumeAt(clock(startsAt));
    return html`<div class="actions">
      <button class="primary" @click=${() => (isPlaying ? player.pause() : this.#play(sermon))}>
        ${isPlaying ? icons.pause : icons.play} ${label}
      </button>
      <button class="secondary" @click=${() => shareSermon(sermon, isOn ? player.seconds : 0)}>${icons.share} ${strings.share}</button>
      ${
        sermon.audio === undefined
          ? nothing
          : html`<a class="secondary" href=${sermon.audio} download="${sermon.id}.mp3">${icons.download} ${strings.download}</a>`
      }
    </div>`;
  }

  #transcript(sermon: Sermon) {
    return html`<section aria-labelledby="transcript-title">
      <h2 id="transcript-title">${strings.transcript}</h2>
      ${this.#transcriptBody(sermon)}
    </section>`;
  }

  #transcriptBody({ id, hasSpeech }: Sermon) {
    if (hasSpeech === false) return html`<p class="notice">${strings.noSpeech}</p>`;
    if (this.transcript === undefined) return html`<p class="quiet" role="status">${strings.loading}</p>`;
    if (this.transcript === 'missing') return html`<p class="notice">${strings.transcriptMissing}</p>`;
    return html`${this.transcript.draft ? html`<p class="draft">${strings.draft}</p>` : nothing}
      <transcript-view .sermonId=${id} .transcript=${this.transcript} .goesToMoment=${this.linkTime !== null}></transcript-view>`;
  }

  #play(sermon: Sermon): void {
    if (player.sermon?.id === sermon.id) player.play();
    else player.load(sermon, { startSeconds: fromLinkTime(this.linkTime), play: true });
  }

  async #load(): Promise<void> {
    this.sermon = undefined;
    this.transcript = undefined;
    this.problem = undefined;
    try {
      if (await this.#refresh()) this.#polling.start();
    } catch (error) {
      this.problem = error instanceof ApiError && error.status === 404 ? strings.sermonMissing : strings.unreachable;
    }
  }

  /** Whether to ask again later. */
  async #refresh(): Promise<boolean> {
    const id = this.sermonId;
    const sermon = await getSermon(id);
    if (id !== this.sermonId) return false;
    this.sermon = sermon;
    document.title = `${sermon.title} · ${strings.brand}`;
    if (sermon.stream === undefined) return sermon.status === 'processing';
    this.#cue(sermon);
    if (sermon.hasSpeech !== false) await this.#loadTranscript(id);
    return false;
  }

  async #loadTranscript(id: string): Promise<void> {
    const transcript = await getTranscript(id).catch(() => 'missing' as const);
    if (id === this.sermonId) this.transcript = transcript;
  }

  /** Makes ready to play, unless the listener is hearing something else. */
  #cue(sermon: Sermon): void {
    const play = this.playsAtOnce && this.linkTime !== null;
    if (player.isOn(sermon.id)) this.#goToLink();
    else if (play || !player.isPlaying) player.load(sermon, { startSeconds: fromLinkTime(this.linkTime), play });
  }

  #goToLink(): void {
    const seconds = fromLinkTime(this.linkTime);
    if (seconds === undefined || player.sermon?.id !== this.sermonId) return;
    player.seek(seconds);
    if (this.playsAtOnce) player.play();
  }
}

customElements.define('sermon-page', SermonPage);
