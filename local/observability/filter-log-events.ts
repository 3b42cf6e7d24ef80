import type { Operation } from '../gateway/service.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import { cursorFrom, groupArn, requireGroup, type LogsContext } from './logs-context.ts';

// CloudWatch answers at most 10,000 events a page.
const LARGEST_PAGE = 10_000;

/** FilterLogEvents. */
export function filterLogEvents(context: LogsContext): Operation {
  return {
    permissions: (input) => [{ action: 'logs:FilterLogEvents', resource: `${groupArn(context, input)}:*` }],
    run: (input) => {
      const group = requireGroup(context, input);
      const matches = compileFilterPattern(String(input['filterPattern'] ?? ''));
      const limit = Math.min(Number(input['limit'] ?? LARGEST_PAGE), LARGEST_PAGE);
      const page = context.telemetry.logs.read({
        group,
        limit,
        ...(input['logStreamNames'] && { streams: input['logStreamNames'] }),
        ...(input['startTime'] !== undefined && { startTime: Number(input['startTime']) }),
        ...(input['endTime'] !== undefined && { endTime: Number(input['endTime']) }),
        ...cursorFrom(input),
      });
      const events = page
        .filter(({ message }) => matches(message))
        .map(({ id, stream, timestamp, message }) => ({
          logStreamName: stream,
          timestamp,
          message,
          ingestionTime: timestamp,
          eventId: String(id),
        }));
      const last = page.at(-1);
      // A page is full before filtering, so it may hold fewer matches than asked for; the token leads on, as on AWS.
      return { events, ...(page.length === limit && last !== undefined && { nextToken: String(last.id) }) };
    },
  };
}
