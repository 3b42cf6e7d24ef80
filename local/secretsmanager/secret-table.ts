import { createHash, randomUUID } from 'node:crypto';
import type { Store } from '../store/store.ts';

/** Which of a secret's values: the one in use, or the one before it. */
export type Stage = 'AWSCURRENT' | 'AWSPREVIOUS';

/** One value of a secret. */
export interface SecretVersion {
  readonly versionId: string;
  readonly value: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** Secrets with their current and previous values, in the store. */
export class SecretTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      'create table if not exists secret_versions (arn text not null, stage text not null, version_id text not null, value text not null, recipe text not null, created_at integer not null, primary key (arn, stage)) strict',
    );
  }

  find(arn: string, stage: Stage): SecretVersion | undefined {
    const row = this.#store
      .prepare('select version_id, value, created_at from secret_versions where arn = ? and stage = ?')
      .get(arn, stage);
    if (row === undefined) return undefined;
    return { versionId: String(row['version_id']), value: String(row['value']), createdAt: Number(row['created_at']) };
  }

  /** Makes a value when there is none, or when `recipe` differs from the one that the current value was made by; that one becomes the previous. */
  ensure(arn: string, recipe: string, make: () => string): void {
    const current = this.#store.prepare("select recipe from secret_versions where arn = ? and stage = 'AWSCURRENT'").get(arn);
    const digest = createHash('sha256').update(recipe).digest('hex');
    if (current?.['recipe'] === digest) return;
    const value = make();
    this.#store.write(() => {
      this.#store.prepare("delete from secret_versions where arn = ? and stage = 'AWSPREVIOUS'").run(arn);
      this.#store.prepare("update secret_versions set stage = 'AWSPREVIOUS' where arn = ?").run(arn);
      this.#store
        .prepare("insert into secret_versions (arn, stage, version_id, value, recipe, created_at) values (?, 'AWSCURRENT', ?, ?, ?, ?)")
        .run(arn, randomUUID(), value, digest, Date.now());
    });
  }
}
