const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * The milliseconds of a `rate(5 minutes)`.
 * @throws Error for `cron(…)` and anything else
 */
export function ratePeriodMs(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  if (unitMs === undefined || Number(count) < 1) {
    throw new Error(`the schedule "${expression}" is not supported by the local cloud; use rate(N minutes), rate(N hours) or rate(N days)`);
  }
  return Number(count) * unitMs;
}
