import type { Operation } from '../gateway/service.ts';
import { cursorFrom, groupArn, requireGroup, type LogsContext } from './logs-context.ts';

const LARGEST_PAGE = 10_000;

/** GetLogEvents. Tokens are `f/` and `b/` (forwards, backwards) with the line they lead on from. */
export function getLogEvents(context: LogsContext): Operation {
  return {
    permissions: (input) => [
      { action: 'logs:GetLogEvents', resource: `${groupArn(context, input)}:log-stream:${String(input['logStreamName'])}` },
    ],
    run: (input) => {
      const token = /^([fb])\/(\d+)$/.exec(String(input['nextToken'] ?? ''));
      const newestFirst = token === null ? input['startFromHead'] !== true : token[1] === 'b';
      const page = context.telemetry.logs.read({
        group: requireGroup(context, input),
        streams: [String(input['logStreamName'])],
        limit: Math.min(Number(input['limit'] ?? LARGEST_PAGE), LARGEST_PAGE),
        newestFirst,
        ...(input['startTime'] !== undefined && { startTime: Number(input['startTime']) }),
        ...(input['endTime'] !== undefined && { endTime: Number(input['endTime']) - 1 }),
        ...(token !== null && cursorFrom({ nextToken: token[2] })),
      });
      const events = newestFirst ? page.toReversed() : page;
      const here = Number(token?.[2] ?? 0);
      return {
        events: events.map(({ timestamp, message }) => ({ timestamp, message, ingestionTime: timestamp })),
        nextForwardToken: `f/${events.at(-1)?.id ?? here}`,
        nextBackwardToken: `b/${events[0]?.id ?? here}`,
      };
    },
  };
}
