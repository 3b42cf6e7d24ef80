import type { Page, SearchPage, Sermon, SermonSummary, Transcript, Waveform } from './shapes.ts';

/** Raised when the API answers with an error; `status` is HTTP's, 0 when there was no answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Sermons, the newest first. */
export function listSermons(next?: string | null): Promise<Page<SermonSummary>> {
  return getJson(`/v1/sermons${next ? `?cursor=${encodeURIComponent(next)}` : ''}`);
}

export function getSermon(id: string): Promise<Sermon> {
  return getJson(`/v1/sermons/${encodeURIComponent(id)}`);
}

export function getTranscript(id: string): Promise<Transcript> {
  return getJson(`/v1/sermons/${encodeURIComponent(id)}/transcript`);
}

export function search(query: string, next?: string | null): Promise<SearchPage> {
  return getJson(`/v1/search?q=${encodeURIComponent(query)}&view=moments${next ? `&cursor=${encodeURIComponent(next)}` : ''}`);
}

/** The waveform of a sermon, or undefined where there is none: it is an ornament. */
export async function getWaveform(path: string): Promise<Waveform | undefined> {
  try {
    return await getJson<Waveform>(path);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

async function getJson<T>(path: string): Promise<T> {
  let response: Response;
  try {
    // no-cache asks again with the ETag that the browser keeps: an unchanged answer costs one 304.
    response = await fetch(path, { cache: 'no-cache', headers: { accept: 'application/json' } });
  } catch (error) {
    throw new ApiError(0, 'no answer', { cause: error });
  }
  if (!response.ok) throw new ApiError(response.status, `${path} answered ${response.status}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own API, whose shapes its tests guard
  return (await response.json()) as T;
}
