import type { Store } from '../store/store.ts';
import type { AlarmState, Judgement } from './evaluate-alarm.ts';

/** How an alarm stands, and since when. */
export interface StoredState extends Judgement {
  /** Epoch milliseconds. */
  readonly since: number;
}

/** The states of all alarms; the alarms themselves come from the template at every start. */
export class AlarmTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      'create table if not exists cloudwatch_alarm (name text primary key, state text not null, reason text not null, since integer not null) strict',
    );
  }

  read(name: string): StoredState {
    const row = this.#store.prepare('select state, reason, since from cloudwatch_alarm where name = ?').get(name);
    const state = row?.['state'];
    return state === 'OK' || state === 'ALARM' || state === 'INSUFFICIENT_DATA'
      ? { state, reason: String(row?.['reason']), since: Number(row?.['since']) }
      : { state: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', since: 0 };
  }

  /** Call inside `store.write`. */
  write(name: string, state: AlarmState, reason: string, now: number): void {
    this.#store
      .prepare(
        `insert into cloudwatch_alarm values (?1, ?2, ?3, ?4) on conflict do update set
         since = case when state = ?2 then since else ?4 end, state = ?2, reason = ?3`,
      )
      .run(name, state, reason, now);
  }
}
