import { RunProgress, type RunEnd, type RunEvent, type StateLine } from './run-progress.ts';

const MARKS: Readonly<Record<StateLine['status'], string>> = { waiting: '·', running: '›', retrying: '↻', done: '✓', failed: '✗' };
// Fast enough for seconds to count up, slow enough to cost nothing.
const REDRAW_MS = 500;

/** Where lines go: a terminal, a file or a pipe. */
export interface Screen {
  readonly isTTY?: boolean;
  /** Height of a terminal. */
  readonly rows?: number;
  write(text: string): unknown;
}

export interface ProgressDisplayOptions {
  readonly out: Screen;
  /** What to call a run; its execution name is long. */
  readonly titleOf: (executionName: string) => string;
}

/**
 * Shows one line a state. On a terminal the lines of unfinished states stand at the bottom and count their seconds;
 * elsewhere every change of a state is a line of its own.
 */
export class ProgressDisplay {
  readonly #progress = new RunProgress();
  readonly #out: Screen;
  readonly #titleOf: ProgressDisplayOptions['titleOf'];
  readonly #live: boolean;
  #drawnLines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ out, titleOf }: ProgressDisplayOptions) {
    this.#out = out;
    this.#titleOf = titleOf;
    this.#live = out.isTTY ?? false;
    if (this.#live) this.#timer = setInterval(() => this.#redraw(), REDRAW_MS).unref();
  }

  /** Takes one history event; returns how the run ended when it is the last. */
  take(event: RunEvent): RunEnd | undefined {
    const { line, end } = this.#progress.take(event);
    if (line !== undefined && (!this.#live || line.endedAt !== undefined)) this.say(this.#format(line, event.at));
    else if (this.#live) this.#redraw();
    return end;
  }

  /** Prints a line above the unfinished ones. */
  say(text: string): void {
    this.#erase();
    this.#out.write(`${text}\n`);
    if (this.#live) this.#draw();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#erase();
  }

  #format(line: StateLine, now: number): string {
    const seconds = ((line.endedAt ?? now) - line.startedAt) / 1000;
    const tries = line.failures > 0 ? ` (${line.failures} failed ${line.failures === 1 ? 'try' : 'tries'})` : '';
    const title = this.#titleOf(line.executionName);
    return `  ${MARKS[line.status]} ${title}  ${line.state.padEnd(22)} ${line.status.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s${tries}`;
  }

  #redraw(): void {
    this.#erase();
    this.#draw();
  }

  #draw(): void {
    const now = Date.now();
    // More lines than the terminal is high could not be erased again.
    const room = Math.max(1, (this.#out.rows ?? 24) - 2);
    const lines = this.#progress.open().slice(0, room);
    for (const line of lines) this.#out.write(`${this.#format(line, now)}\n`);
    this.#drawnLines = lines.length;
  }

  #erase(): void {
    if (this.#drawnLines === 0) return;
    this.#out.write(`\u001B[${this.#drawnLines}A\u001B[0J`);
    this.#drawnLines = 0;
  }
}
