import type { Cloud } from '../cloud.ts';
import { DueTimer } from '../due-timer.ts';
import type { Buses } from './bus.ts';

/**
 * Fires rules that have a schedule. The next due time is kept, so a restart neither forgets nor postpones it; what fell
 * due while nothing ran fires once at the start.
 */
export class Schedules {
  readonly #cloud: Cloud;
  readonly #buses: Buses;
  readonly #timer = new DueTimer(
    () => this.#nextDue(),
    () => this.#fireDue(),
  );

  constructor(cloud: Cloud, buses: Buses) {
    this.#cloud = cloud;
    this.#buses = buses;
    cloud.store.define(
      'create table if not exists events_schedule (rule text primary key, expression text not null, due_at integer not null) strict',
    );
  }

  start(): void {
    this.#adopt();
    this.#timer.reset();
  }

  stop(): void {
    this.#timer.stop();
  }

  /** Gives new rules their first due time and forgets the rules that the template no longer has. */
  #adopt(): void {
    const { store } = this.#cloud;
    const scheduled = this.#buses.rules.filter(({ enabled, periodMs }) => enabled && periodMs !== undefined);
    store.write(() => {
      for (const { rule } of this.#rows()) {
        if (!scheduled.some(({ arn }) => arn === rule)) store.prepare('delete from events_schedule where rule = ?').run(rule);
      }
      for (const { arn, scheduleExpression = '', periodMs = 0 } of scheduled) {
        store
          .prepare(
            `insert into events_schedule (rule, expression, due_at) values (?, ?, ?) on conflict (rule) do update
             set expression = excluded.expression, due_at = excluded.due_at where expression <> excluded.expression`,
          )
          .run(arn, scheduleExpression, Date.now() + periodMs);
      }
    });
  }

  #fireDue(): void {
    const { store } = this.#cloud;
    const now = Date.now();
    store.write(() => {
      for (const { rule: arn, dueAt } of this.#rows()) {
        const rule = this.#buses.rules.find((candidate) => candidate.arn === arn);
        if (rule?.periodMs === undefined || dueAt > now) continue;
        // The beat is kept; beats that were missed are not made up for.
        const missed = Math.floor((now - dueAt) / rule.periodMs);
        store.prepare('update events_schedule set due_at = ? where rule = ?').run(dueAt + (missed + 1) * rule.periodMs, arn);
        this.#buses.fire(rule);
      }
    });
  }

  #nextDue(): number | undefined {
    const dues = this.#rows().map(({ dueAt }) => dueAt);
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  #rows(): readonly { readonly rule: string; readonly dueAt: number }[] {
    return this.#cloud.store
      .prepare('select rule, due_at from events_schedule')
      .all()
      .map((row) => ({ rule: String(row['rule']), dueAt: Number(row['due_at']) }));
  }
}
