import { randomBytes } from 'node:crypto';
import type { Store } from '../../store/store.ts';
import { AwsError } from '../aws-error.ts';
import type { Permission, Principal } from '../service.ts';
import { compilePolicy, decide, type CompiledStatement, type PolicyDocument } from './policy.ts';

/** A key pair that signs requests as one principal. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Role {
  readonly arn: string;
  readonly policies: Map<string, readonly CompiledStatement[]>;
}

/** Roles with their policies and keys, and the one question everybody asks: may this principal do that? */
export class Iam {
  readonly #store: Store;
  readonly #accountId: string;
  readonly #roles = new Map<string, Role>();

  constructor(store: Store, accountId: string) {
    this.#store = store;
    this.#accountId = accountId;
    store.define(
      'create table if not exists iam_keys (access_key_id text primary key, secret text not null, principal text not null unique) strict',
    );
  }

  /** The person at this machine: may do everything in the local account. */
  get operator(): Principal & { readonly kind: 'operator' } {
    return { kind: 'operator', arn: `arn:aws:iam::${this.#accountId}:user/operator` };
  }

  /** Makes a role known, without any permission yet; returns its ARN. */
  defineRole(name: string, path = '/'): string {
    const arn = `arn:aws:iam::${this.#accountId}:role${path}${name}`;
    this.#roles.set(arn, { arn, policies: new Map() });
    return arn;
  }

  /**
   * Attaches an identity policy to a role.
   * @param id replaces the policy attached under the same id before
   * @throws Error when there is no such role or the policy cannot be understood
   */
  attachPolicy(roleName: string, id: string, document: PolicyDocument): void {
    const role = [...this.#roles.values()].find(({ arn }) => arn.endsWith(`/${roleName}`));
    if (role === undefined) throw new Error(`policy ${id} is attached to the role ${roleName}, which does not exist`);
    role.policies.set(id, compilePolicy(document));
  }

  /** The keys of a principal: made once, the same after every restart. */
  credentialsFor(principalArn: string): Credentials {
    const known = this.#store.prepare('select access_key_id, secret from iam_keys where principal = ?').get(principalArn);
    if (known !== undefined) return { accessKeyId: String(known['access_key_id']), secretAccessKey: String(known['secret']) };
    const credentials = {
      accessKeyId: `AKIA${randomBytes(10).toString('hex').slice(0, 16).toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64url'),
    };
    this.#store.write(() =>
      this.#store
        .prepare('insert into iam_keys (access_key_id, secret, principal) values (?, ?, ?)')
        .run(credentials.accessKeyId, credentials.secretAccessKey, principalArn),
    );
    return credentials;
  }

  /** Whose key it is, with its secret; undefined for a key that was never issued. */
  findKey(accessKeyId: string): { readonly principal: Principal; readonly secretAccessKey: string } | undefined {
    const row = this.#store.prepare('select secret, principal from iam_keys where access_key_id = ?').get(accessKeyId);
    if (row === undefined) return undefined;
    const arn = String(row['principal']);
    const principal: Principal = arn === this.operator.arn ? this.operator : { kind: 'role', arn };
    return { principal, secretAccessKey: String(row['secret']) };
  }

  /** Whether the principal may do it. */
  allows(principal: Principal, permission: Permission): boolean {
    return this.#decide(principal, permission) === 'allow';
  }

  /**
   * Checks every permission that a call needs.
   * @throws AwsError AccessDeniedException, in the words AWS uses
   */
  authorize(principal: Principal, permissions: readonly Permission[]): void {
    for (const permission of permissions) {
      const decision = this.#decide(principal, permission);
      if (decision !== 'allow') throw accessDenied(principal, permission, decision);
    }
  }

  #decide(principal: Principal, permission: Permission): ReturnType<typeof decide> {
    // Services act under resource policies, which are not evaluated here (docs/limits.md).
    if (principal.kind !== 'role') return 'allow';
    const role = this.#roles.get(principal.arn);
    if (role === undefined) return 'implicit-deny';
    return decide([...role.policies.values()].flat(), permission, { ...permission.context, 'aws:SecureTransport': 'true' });
  }
}

function accessDenied(principal: Principal, permission: Permission, decision: string): AwsError {
  const who = principal.kind === 'service' ? principal.name : principal.arn;
  const why =
    decision === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${permission.action} action`;
  return new AwsError(
    'AccessDeniedException',
    `User: ${who} is not authorized to perform: ${permission.action} on resource: ${permission.resource} ${why}`,
    403,
  );
}
