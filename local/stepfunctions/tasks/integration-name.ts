import type { Integration } from './task-runner.ts';
import { parseResource } from './resource-name.ts';

const SUFFIXES = { answer: '', job: '.sync', token: '.waitForTaskToken' } as const;

/** How the history names what a Resource calls. @throws Error when the Resource has no form that Step Functions knows */
export function nameIntegration(resource: string): Pick<Integration, 'events' | 'resourceType' | 'resource' | 'endsWith'> {
  const name = parseResource(resource);
  if (name.kind === 'function') return { events: 'LambdaFunction', resourceType: 'lambda', resource: name.arn, endsWith: 'answer' };
  const { kind, service, action, pattern } = name;
  const resourceType = kind === 'sdk' ? `aws-sdk:${service}` : service;
  return { events: 'Task', resourceType, resource: `${action}${SUFFIXES[pattern]}`, endsWith: pattern };
}
