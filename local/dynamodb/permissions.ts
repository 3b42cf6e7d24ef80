import type { Members, Permission } from '../gateway/service.ts';

/** Which tables and indexes a call touches, as IAM names them. */
export class TablePermissions {
  readonly #prefix: string;

  constructor(region: string, accountId: string) {
    this.#prefix = `arn:aws:dynamodb:${region}:${accountId}:table/`;
  }

  /** For actions on one table, or on one of its indexes where `IndexName` is given. */
  oneTable(action: string): (input: Members) => readonly Permission[] {
    return (input) => {
      const index: unknown = input['IndexName'];
      const resource = `${this.#arn(input['TableName'])}${typeof index === 'string' ? `/index/${index}` : ''}`;
      return [{ action: `dynamodb:${action}`, resource }];
    };
  }

  /** For BatchGetItem, whose tables are the names of `RequestItems`. */
  readonly batchGet = (input: Members): readonly Permission[] =>
    Object.keys((input['RequestItems'] ?? {}) as Members).map((table) => ({ action: 'dynamodb:BatchGetItem', resource: this.#arn(table) }));

  // A name that is no text is refused later, by the validation of the action.
  #arn(table: unknown): string {
    return `${this.#prefix}${String(table).replace(this.#prefix, '')}`;
  }
}
