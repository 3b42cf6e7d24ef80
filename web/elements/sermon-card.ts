import { html, nothing, type TemplateResult } from 'lit';
import type { SermonSummary } from '../api/shapes.ts';
import { keptPosition } from '../player/positions.ts';
import { player } from '../player/the-player.ts';
import { sermonPath } from '../router.ts';
import { failureSentence, strings } from '../strings.ts';
import { day, length } from '../time.ts';
import { icons } from './icons.ts';

/** A sermon in the library. */
export function sermonCard(sermon: SermonSummary): TemplateResult {
  const { id, status, title, preacher, date, durationSeconds } = sermon;
  const facts = [preacher, date && day(date), durationSeconds === undefined ? undefined : length(durationSeconds), remaining(sermon)];
  return html`<li class="card" data-status=${status}>
    ${status === 'published' ? playButton(sermon) : html`<span class="round main waiting" aria-hidden="true">${status === 'failed' ? icons.failed : nothing}</span>`}
    <div>
      <h2><a href=${sermonPath(id)}>${title}</a></h2>
      <p class="quiet">${facts.filter((fact) => fact !== undefined).join(' · ')}</p>
      ${statusLine(sermon)}
    </div>
  </li>`;
}

function playButton({ id, title }: SermonSummary): TemplateResult {
  const isPlaying = player.sermon?.id === id && player.isPlaying;
  const act = () => (isPlaying ? player.pause() : void player.open(id).catch(() => undefined));
  return html`<button class="round main" aria-label="${isPlaying ? strings.pause : strings.play}: ${title}" @click=${act}>
    ${isPlaying ? icons.pause : icons.play}
  </button>`;
}

function statusLine({ status, error }: SermonSummary): TemplateResult | typeof nothing {
  if (status === 'published') return nothing;
  return html`<p class="status">
    <span class="pill">${strings.status[status]}</span> ${status === 'failed' ? failureSentence(error) : nothing}
  </p>`;
}

function remaining({ id, durationSeconds = 0 }: SermonSummary): string | undefined {
  const at = keptPosition(id);
  return at === undefined || durationSeconds <= at ? undefined : strings.remaining(durationSeconds - at);
}
