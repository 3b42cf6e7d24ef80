import type { Cloud } from '../../cloud.ts';
import { isObject, type Json } from '../json.ts';
import { nameIntegration } from './integration-name.ts';
import { followJobs, JOB_KINDS } from './jobs.ts';
import { functionAction } from './lambda.ts';
import { OWN_INTEGRATIONS, type OwnIntegration } from './own-integrations.ts';
import { parseResource, type ResourceName } from './resource-name.ts';
import { sdkAction } from './sdk-integrations.ts';
import { callService, type ServiceAction } from './service-call.ts';
import type { Integration, TaskRunner } from './task-runner.ts';

/** Does tasks by calling the services behind the gateway, as the state machine's role. */
export class GatewayTasks implements TaskRunner {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  integration(resource: string): Integration {
    const parsed = parseResource(resource);
    const name = nameIntegration(resource);
    if (parsed.kind === 'function') return { ...name, submit: (task) => callService(this.#cloud, functionAction(parsed.arn), task) };
    const key = `${parsed.service}:${parsed.action}`;
    const action = parsed.kind === 'sdk' ? sdkCall(parsed) : ownCall(parsed, key);
    const kind = parsed.pattern === 'job' ? JOB_KINDS[key] : undefined;
    return {
      ...name,
      submit: (task) => callService(this.#cloud, action, task),
      ...(parsed.kind === 'optimised' && { onlyWrites: OWN_INTEGRATIONS[key]?.onlyWrites ?? false }),
      ...(key === 'ecs:runTask' && parsed.kind === 'optimised' && { parameters: startedByStepFunctions }),
      ...(kind !== undefined && { job: followJobs(this.#cloud, action, kind) }),
    };
  }

  /** Calls `changed` with the id of every job that an event tells of, inside the transaction that ends the job. */
  listenForJobs(changed: (jobId: string) => void): void {
    for (const { eventSource, idInEvent } of Object.values(JOB_KINDS)) {
      this.#cloud.events.listen(eventSource, ({ detail }) => {
        const jobId = idInEvent(detail);
        if (jobId !== undefined) changed(jobId);
      });
    }
  }
}

function ownCall({ pattern }: ResourceName & { readonly kind: 'optimised' }, key: string): OwnIntegration {
  const known = OWN_INTEGRATIONS[key];
  if (known === undefined)
    throw new Error(`the integration ${key} is not supported here; supported are ${Object.keys(OWN_INTEGRATIONS).join(', ')}`);
  if (!known.patterns.includes(pattern)) throw new Error(`the integration ${key} cannot be waited for in this way here`);
  return known;
}

function sdkCall({ service, action, pattern }: ResourceName & { readonly kind: 'sdk' }): ServiceAction {
  if (pattern === 'job') throw new Error(`aws-sdk:${service}:${action} cannot end with .sync`);
  return sdkAction(service, action);
}

function startedByStepFunctions(args: Json): Json {
  return isObject(args) ? { ...args, StartedBy: 'AWS Step Functions' } : args;
}
