import type { ResourceRequest } from '../assembly/resource-provider.ts';
import type { Members } from '../gateway/service.ts';
import { compilePattern, type EventMatcher } from './pattern.ts';
import { ratePeriodMs } from './schedule-expression.ts';
import { compileInput, type TargetInput } from './target-input.ts';

/** A place that a rule delivers to. */
export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly input: TargetInput;
  readonly deadLetterArn?: string;
}

/** A rule as the template configures it: on events of its bus, or on a schedule. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly enabled: boolean;
  readonly matches?: EventMatcher;
  readonly scheduleExpression?: string;
  /** Time between two scheduled events. */
  readonly periodMs?: number;
  readonly targets: readonly Target[];
}

// Delivery is a write in the publishing transaction, so there is nothing to retry; the role of a target is used by no target that the local cloud has.
const TARGET_MEMBERS = ['Id', 'Arn', 'Input', 'InputPath', 'InputTransformer', 'DeadLetterConfig', 'RetryPolicy', 'RoleArn'];
const TARGET_KINDS = /^arn:aws:(sqs:[^:]*:\d*:|lambda:[^:]*:\d*:function:)/;

/**
 * Reads the properties of an `AWS::Events::Rule`.
 * @throws Error for a pattern, schedule or target that the local cloud cannot serve
 */
export function ruleFrom(
  { physicalName, properties }: ResourceRequest,
  place: { readonly region: string; readonly accountId: string },
): Rule {
  const name = String(properties['Name'] ?? physicalName);
  const bus = busName(properties['EventBusName']);
  const arn = `arn:aws:events:${place.region}:${place.accountId}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`;
  const { EventPattern: pattern, ScheduleExpression: schedule } = properties;
  if (pattern === undefined && schedule === undefined) throw new Error('a rule needs an EventPattern or a ScheduleExpression');
  return {
    name,
    arn,
    bus,
    enabled: properties['State'] !== 'DISABLED',
    ...(pattern !== undefined && { matches: compilePattern(pattern) }),
    ...(schedule !== undefined && { scheduleExpression: String(schedule), periodMs: ratePeriodMs(String(schedule)) }),
    targets: (properties['Targets'] ?? []).map((target: Members) => targetFrom(target, { ruleArn: arn, ruleName: name })),
  };
}

/** The name of a bus that is given by name or ARN. */
export function busName(nameOrArn: unknown): string {
  return typeof nameOrArn === 'string' ? (nameOrArn.split('/').at(-1) ?? 'default') : 'default';
}

function targetFrom(target: Members, context: { readonly ruleArn: string; readonly ruleName: string }): Target {
  const unknown = Object.keys(target).filter((member) => !TARGET_MEMBERS.includes(member));
  if (unknown.length > 0) throw new Error(`target ${target['Id']}: ${unknown.join(', ')} not supported by the local cloud`);
  const arn = String(target['Arn']);
  if (!TARGET_KINDS.test(arn)) throw new Error(`target ${target['Id']}: ${arn} is neither a queue nor a function`);
  const deadLetterArn: unknown = target['DeadLetterConfig']?.Arn;
  return {
    id: String(target['Id']),
    arn,
    input: compileInput(target, context),
    ...(typeof deadLetterArn === 'string' && { deadLetterArn }),
  };
}
