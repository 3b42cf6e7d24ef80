import { svg, type SVGTemplateResult } from 'lit';

const icon = (paths: SVGTemplateResult): SVGTemplateResult =>
  svg`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">${paths}</svg>`;

/** The site's pictures, each the size of its text and in its colour; names beside them say what they mean. */
export const icons = {
  play: icon(svg`<path d="M8 5.2v13.6c0 .8.9 1.3 1.6.8l10-6.8c.6-.4.6-1.2 0-1.6l-10-6.8C8.9 3.9 8 4.4 8 5.2z" />`),
  pause: icon(svg`<rect x="6" y="5" width="4.2" height="14" rx="1.2" /><rect x="13.8" y="5" width="4.2" height="14" rx="1.2" />`),
  back: icon(
    svg`<path class="line" d="M4.5 12a7.5 7.5 0 1 0 2.6-5.7" /><path class="line" d="M7.5 2.5v4.2h4.2" /><text x="12" y="14.8" text-anchor="middle">15</text>`,
  ),
  forward: icon(
    svg`<path class="line" d="M19.5 12a7.5 7.5 0 1 1-2.6-5.7" /><path class="line" d="M16.5 2.5v4.2h-4.2" /><text x="12" y="14.8" text-anchor="middle">30</text>`,
  ),
  search: icon(svg`<circle class="line" cx="10.5" cy="10.5" r="6" /><path class="line" d="m15 15 5 5" />`),
  share: icon(svg`<path class="line" d="M12 15V4m0 0L8 8m4-4 4 4M5 13v5.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V13" />`),
  download: icon(svg`<path class="line" d="M12 4v11m0 0 4-4m-4 4-4-4M5 19.5h14" />`),
  sound: icon(svg`<path d="M4 9.5v5h3.5l4.5 4v-13l-4.5 4z" /><path class="line" d="M15.5 8.5a5 5 0 0 1 0 7M18 6a8.5 8.5 0 0 1 0 12" />`),
  silent: icon(svg`<path d="M4 9.5v5h3.5l4.5 4v-13l-4.5 4z" /><path class="line" d="m16 9.5 5 5m0-5-5 5" />`),
  failed: icon(svg`<path class="line" d="M12 6v8" /><circle cx="12" cy="18" r="1.3" />`),
  up: icon(svg`<path class="line" d="m6 14.5 6-6 6 6" />`),
  down: icon(svg`<path class="line" d="m6 9.5 6 6 6-6" />`),
} as const;
