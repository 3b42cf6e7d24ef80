import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import { toJob } from './job-record.ts';
import type { MediaConvertParts } from './mediaconvert.ts';

// The service's own page size, and its limit.
const DEFAULT_PAGE = 20;

/** ListJobs: the newest first unless asked otherwise. */
export function listJobs({ cloud, jobs, queues }: MediaConvertParts): Operation {
  return {
    permissions: () => [{ action: 'mediaconvert:ListJobs', resource: `arn:aws:mediaconvert:${cloud.region}:${cloud.accountId}:queues/*` }],
    run(input) {
      const limit = Number(input['MaxResults'] ?? DEFAULT_PAGE);
      const offset = Number(input['NextToken'] ?? 0);
      if (!(limit >= 1 && limit <= DEFAULT_PAGE) || !(offset >= 0)) {
        throw new AwsError('BadRequestException', `MaxResults must be 1 to ${DEFAULT_PAGE} and NextToken one that ListJobs gave`);
      }
      const queueArn = input['Queue'] === undefined ? undefined : queues.find(String(input['Queue']))?.arn;
      const found = jobs.list({
        ...(queueArn === undefined ? {} : { queueArn }),
        ...(input['Status'] === undefined ? {} : { status: String(input['Status']) }),
        newestFirst: input['Order'] !== 'ASCENDING',
        limit: limit + 1,
        offset,
      });
      return { Jobs: found.slice(0, limit).map(toJob), ...(found.length > limit ? { NextToken: String(offset + limit) } : {}) };
    },
  };
}
