import type { Sentence } from './sentences.ts';
import type { Word } from './transcription.ts';

/** One caption on the screen. Times are seconds from the start of the audio. */
export interface Cue {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** One or two. */
  readonly lines: readonly string[];
}

/** The usual measure of broadcast captions: longer lines do not fit beside each other on a phone. */
const LINE_CHARACTERS = 42;
const LINES = 2;
/** Nobody reads two lines for longer; a cue that stays tells the deaf that somebody is still speaking. */
const LONGEST_CUE_SECONDS = 7;
/** Players drop cues without a length. */
const SHORTEST_CUE_SECONDS = 0.2;

/** Breaks words over lines of at most 42 characters; a longer word gets a line of its own. */
function wrap(words: readonly Word[]): string[] {
  const lines: string[] = [];
  for (const { text } of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= LINE_CHARACTERS) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(text);
  }
  return lines;
}

/** Cues that follow the sentences: two lines at most, seven seconds at most, none over the end of its sentence. */
export function cuesOf(sentences: readonly Sentence[]): Cue[] {
  const groups: Word[][] = [];
  for (const { words } of sentences) {
    let group: Word[] = [];
    for (const word of words) {
      const first = group[0] ?? word;
      const fits = wrap([...group, word]).length <= LINES && word.endSeconds - first.startSeconds <= LONGEST_CUE_SECONDS;
      if (!fits && group.length > 0) {
        groups.push(group);
        group = [];
      }
      group.push(word);
    }
    if (group.length > 0) groups.push(group);
  }
  return groups.map((group, index) => cueOf(group, groups[index + 1]?.[0]?.startSeconds));
}

function cueOf(words: readonly Word[], nextStartSeconds = Number.POSITIVE_INFINITY): Cue {
  const startSeconds = words[0]?.startSeconds ?? 0;
  const spokenUntil = Math.max(words.at(-1)?.endSeconds ?? 0, startSeconds + SHORTEST_CUE_SECONDS);
  // Two cues at once would push each other around on the screen.
  const endSeconds = nextStartSeconds > startSeconds ? Math.min(spokenUntil, nextStartSeconds) : spokenUntil;
  return { startSeconds, endSeconds, lines: wrap(words) };
}

const part = (value: number, digits = 2): string => String(Math.floor(value)).padStart(digits, '0');

/** WebVTT's clock: `01:02:03.456`. */
export function vttTime(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  return `${part(milliseconds / 3_600_000)}:${part((milliseconds / 60_000) % 60)}:${part((milliseconds / 1000) % 60)}.${part(milliseconds % 1000, 3)}`;
}

const escape = (line: string): string => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The cues as a WebVTT file. */
export function webVtt(cues: readonly Cue[]): string {
  const blocks = cues.map(
    ({ startSeconds, endSeconds, lines }, index) =>
      `${index + 1}\n${vttTime(startSeconds)} --> ${vttTime(endSeconds)}\n${lines.map(escape).join('\n')}\n`,
  );
  return `WEBVTT\n\n${blocks.join('\n')}`;
}
