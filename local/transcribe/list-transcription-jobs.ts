import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import { toSummary } from './job-record.ts';
import type { TranscribeParts } from './transcribe.ts';

// The service's limits on a page.
const DEFAULT_PAGE = 5;
const LARGEST_PAGE = 100;

/** ListTranscriptionJobs: the newest first. */
export function listTranscriptionJobs({ jobs }: TranscribeParts): Operation {
  return {
    permissions: () => [{ action: 'transcribe:ListTranscriptionJobs', resource: '*' }],
    run(input) {
      const { Status: status, JobNameContains: nameContains } = input;
      const limit = Number(input['MaxResults'] ?? DEFAULT_PAGE);
      const offset = Number(input['NextToken'] ?? 0);
      if (!(limit >= 1 && limit <= LARGEST_PAGE) || !(offset >= 0)) {
        throw new AwsError(
          'BadRequestException',
          `MaxResults must be 1 to ${LARGEST_PAGE} and NextToken one that ListTranscriptionJobs gave`,
        );
      }
      const found = jobs.list({
        ...(status === undefined ? {} : { status: String(status) }),
        ...(nameContains === undefined ? {} : { nameContains: String(nameContains) }),
        limit: limit + 1,
        offset,
      });
      return {
        ...(status === undefined ? {} : { Status: status as unknown }),
        TranscriptionJobSummaries: found.slice(0, limit).map(toSummary),
        ...(found.length > limit ? { NextToken: String(offset + limit) } : {}),
      };
    },
  };
}
