import { randomUUID } from 'node:crypto';
import type { Cloud, CloudEvent, EventBus } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';
import type { QueueService } from '../sqs/queue-service.ts';
import { deliver } from './delivery.ts';
import type { Rule } from './rule.ts';

/** All event buses of the local account with their rules. */
export class Buses implements EventBus {
  readonly cloud: Cloud;
  readonly #queues: QueueService;
  readonly #rules = new Map<string, Rule>();
  readonly #names = new Set(['default']);
  readonly #listeners = new Map<string, ((event: CloudEvent) => void)[]>();

  constructor(cloud: Cloud, queues: QueueService) {
    this.cloud = cloud;
    this.#queues = queues;
  }

  get rules(): readonly Rule[] {
    return [...this.#rules.values()];
  }

  has(busName: string): boolean {
    return this.#names.has(busName);
  }

  arnOf(busName: string): string {
    return `arn:aws:events:${this.cloud.region}:${this.cloud.accountId}:event-bus/${busName}`;
  }

  defineBus(name: string): void {
    this.#names.add(name);
  }

  /** @throws Error when the rule's bus does not exist */
  defineRule(rule: Rule): void {
    if (!this.has(rule.bus)) throw new Error(`the event bus ${rule.bus} does not exist`);
    this.#rules.set(rule.arn, rule);
  }

  publish(event: CloudEvent): void {
    this.put(event);
  }

  /** Publishes and returns the event's id. @throws AwsError ResourceNotFoundException for an unknown bus */
  put(event: CloudEvent, time: Date = new Date()): string {
    const bus = event.bus ?? 'default';
    if (!this.has(bus)) throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    const envelope = this.#envelope(event, time);
    this.cloud.store.write(() => {
      for (const rule of this.#rules.values()) {
        if (rule.enabled && rule.bus === bus && rule.matches?.(envelope) === true) deliver(this.cloud, this.#queues, rule, envelope);
      }
      for (const handle of this.#listeners.get(event.source) ?? []) handle(event);
    });
    return String(envelope['id']);
  }

  listen(source: string, handle: (event: CloudEvent) => void): void {
    this.#listeners.set(source, [...(this.#listeners.get(source) ?? []), handle]);
  }

  /** Sends a scheduled event to the targets of its rule and to nobody else. */
  fire(rule: Rule): void {
    const event = { source: 'aws.events', detailType: 'Scheduled Event', detail: {}, resources: [rule.arn] };
    deliver(this.cloud, this.#queues, rule, this.#envelope(event, new Date()));
  }

  #envelope({ source, detailType, detail, resources = [] }: CloudEvent, time: Date): Members {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: this.cloud.accountId,
      // EventBridge gives whole seconds.
      time: `${time.toISOString().slice(0, 19)}Z`,
      region: this.cloud.region,
      resources,
      detail,
    };
  }
}
