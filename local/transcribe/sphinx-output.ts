import type { RecognisedWord } from './recogniser.ts';

const WORD_LINE = /^(\S+) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)$/;

// What the model hears in hiss and hum. People say such sounds too, but an utterance of nothing else says nothing.
const MERE_SOUNDS: ReadonlySet<string> = new Set(['ah', 'eh', 'er', 'hm', 'hmm', 'huh', 'mm', 'mmm', 'oh', 'uh', 'um']);

/**
 * Reads what `pocketsphinx_continuous -time yes` prints: for each utterance a line of text, then a line per word with
 * start, end and posterior. Fillers (`<sil>`, `[NOISE]`, `++UM++`) and the marks of pronunciation variants, as in
 * `americans(2)`, are left out.
 */
export function parseSphinxOutput(output: string, offsetSeconds: number): readonly RecognisedWord[] {
  const words: RecognisedWord[] = [];
  let utterance: RecognisedWord[] = [];
  const close = (): void => {
    if (utterance.some(({ text }) => !MERE_SOUNDS.has(text))) words.push(...utterance);
    utterance = [];
  };
  for (const line of output.split('\n')) {
    const [, spelled, start, end, posterior] = WORD_LINE.exec(line.trim()) ?? [];
    if (spelled === undefined) {
      close();
      continue;
    }
    const text = spelled.replace(/\(\d+\)$/, '');
    if (/^[<[+]/.test(text)) continue;
    utterance.push({
      text,
      startSeconds: offsetSeconds + Number(start),
      endSeconds: offsetSeconds + Number(end),
      confidence: Math.min(1, Math.max(0, Number(posterior))),
    });
  }
  close();
  return words;
}
