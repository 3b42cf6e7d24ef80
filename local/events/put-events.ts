import { AwsError } from '../gateway/aws-error.ts';
import type { Members, Operation } from '../gateway/service.ts';
import type { Buses } from './bus.ts';
import { busName } from './rule.ts';

// EventBridge takes at most ten entries and 256 KiB in one request.
const MOST_ENTRIES = 10;
const LARGEST_REQUEST_BYTES = 262_144;

/** PutEvents. */
export function putEvents(buses: Buses): Operation {
  return {
    permissions: (input) => {
      const names = new Set((input['Entries'] ?? []).map((entry: Members) => busName(entry['EventBusName'])));
      return [...names].map((name) => ({ action: 'events:PutEvents', resource: buses.arnOf(String(name)) }));
    },
    run: (input) => {
      const entries: readonly Members[] = input['Entries'] ?? [];
      if (entries.length < 1 || entries.length > MOST_ENTRIES) {
        throw new AwsError('ValidationException', `Entries must have 1 to ${MOST_ENTRIES} members, got ${entries.length}`);
      }
      if (Buffer.byteLength(JSON.stringify(entries)) > LARGEST_REQUEST_BYTES) {
        throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
      }
      const results = buses.cloud.store.write(() => entries.map((entry) => putEntry(buses, entry)));
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    },
  };
}

function putEntry(buses: Buses, entry: Members): Members {
  const { Source: source, DetailType: detailType, Detail: detailText, Resources: resources, Time: time } = entry;
  for (const [name, value] of Object.entries({ Source: source, DetailType: detailType, Detail: detailText })) {
    if (typeof value !== 'string' || value === '') {
      return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.` };
    }
  }
  if (String(source).startsWith('aws.')) {
    return {
      ErrorCode: 'NotAuthorizedForSource',
      ErrorMessage: `Not authorized for the source ${source}: only AWS services send as aws.*.`,
    };
  }
  const detail = parseDetail(String(detailText));
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const event = { source, detailType, detail, bus: busName(entry['EventBusName']), ...(resources !== undefined && { resources }) };
  return { EventId: buses.put(event, timeFrom(time)) };
}

function parseDetail(text: string): Members | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

function timeFrom(time: unknown): Date {
  if (time instanceof Date) return time;
  return typeof time === 'number' ? new Date(time * 1000) : new Date();
}
