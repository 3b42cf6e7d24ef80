import type { ResourceProviders } from './assembly/resource-provider.ts';
import type { AssetStore } from './assembly/assets.ts';
import type { Iam } from './gateway/iam/iam.ts';
import type { Members, Principal, Service } from './gateway/service.ts';
import type { Store } from './store/store.ts';

/** Something that happened, as EventBridge delivers it (`source`, `detail-type` and `detail` as the sending service documents them). */
export interface CloudEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Members;
  /** @default none */
  readonly resources?: readonly string[];
  /** Name of the bus. @default 'default' */
  readonly bus?: string;
}

/** What a part of the local cloud contributes: resource types, API services, and work that goes on in the background. */
export interface CloudPart {
  readonly resources?: ResourceProviders;
  readonly service?: Service;
  /** Takes up work left by an earlier process. Runs after the whole assembly is deployed. */
  start?(): void | Promise<void>;
  /** Stops background work and child processes; what was under way is taken up at the next start. */
  stop?(): void | Promise<void>;
}

/** Functions, for the services that invoke them (Step Functions goes through the gateway instead). */
export interface Functions {
  /** Queues an asynchronous invocation in this turn's transaction: two retries, then the function's dead-letter queue or failure destination. */
  enqueue(functionArn: string, payload: unknown): void;
}

/** Queues, for the services that deliver into them. */
export interface Queues {
  /** Adds a message in this turn's transaction. @throws AwsError when there is no such queue */
  send(queueArn: string, body: string): void;
}

/** The event bus. */
export interface EventBus {
  /** Puts an event, matches the rules and delivers to their targets, all in this turn's transaction. */
  publish(event: CloudEvent): void;
  /** Calls `handle` inside the publishing transaction for every event of `source`: how `.sync` tasks learn that their job ended. */
  listen(source: string, handle: (event: CloudEvent) => void): void;
}

/** The local cloud as its parts see it. Other parts are there only after construction: use them in calls, never in a constructor. */
export interface Cloud {
  readonly accountId: string;
  readonly region: string;
  /** Base address of the AWS endpoint, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Folder of all state; each part may keep scratch files in a subfolder named after it. */
  readonly folder: string;
  readonly store: Store;
  readonly iam: Iam;
  readonly assets: AssetStore;
  readonly events: EventBus;
  readonly queues: Queues;
  readonly functions: Functions;
  /**
   * Calls an operation of another service in this process, with the same permission check as over HTTP. `service` is the
   * signing name. Does not wait for the commit, so a caller that writes in the same turn is atomic with it.
   * @throws AwsError
   */
  call(principal: Principal, service: string, operation: string, input: Members): Promise<Members>;
  /** One line for the operator about something unexpected; `fields` never hold secrets or contents. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
