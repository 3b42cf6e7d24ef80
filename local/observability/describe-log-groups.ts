import type { Operation } from '../gateway/service.ts';
import { groupArn, type LogsContext } from './logs-context.ts';

/** DescribeLogGroups, all on one page. */
export function describeLogGroups(context: LogsContext): Operation {
  return {
    permissions: () => [{ action: 'logs:DescribeLogGroups', resource: '*' }],
    run: (input) => {
      const prefix = String(input['logGroupNamePrefix'] ?? '');
      context.telemetry.flush();
      const groups = context.telemetry.logs.groups().filter(({ name }) => name.startsWith(prefix));
      return {
        logGroups: groups.map(({ name, retentionDays, storedBytes }) => ({
          logGroupName: name,
          arn: `${groupArn(context, { logGroupName: name })}:*`,
          retentionInDays: retentionDays,
          storedBytes,
        })),
      };
    },
  };
}
