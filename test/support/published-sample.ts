import { join } from 'node:path';
import { startCloud, type CloudAddresses } from './local-cloud.ts';
import { tempFolder } from './temp-folder.ts';

/** A running local cloud in which the sample sermon is published. */
export interface PublishedSample extends CloudAddresses {
  readonly sermonId: string;
  /** What the recogniser heard, sentence by sentence. */
  readonly sentences: readonly SpokenSentence[];
  /** All its words, in order. */
  readonly words: readonly { readonly text: string; readonly startSeconds: number }[];
  stop(): Promise<void>;
}

interface SpokenSentence {
  readonly startSeconds: number;
  readonly words: readonly { readonly text: string; readonly startSeconds: number }[];
}

/** Publishes the sample sermon in a local cloud of its own. */
export async function publishedSample(): Promise<PublishedSample> {
  const cloud = await startCloud({ state: join(tempFolder(), 'state') });
  const addresses = await cloud.addresses();
  const [, sermonId = ''] = await cloud.line(/is published.*\/sermons\/(\S+)/);
  const answer = await fetch(`${addresses.siteUrl}/v1/sermons/${sermonId}/transcript`);
  const { segments } = (await answer.json()) as { segments: readonly SpokenSentence[] };
  return { ...addresses, sermonId, sentences: segments, words: segments.flatMap(({ words }) => words), stop: () => cloud.kill() };
}
