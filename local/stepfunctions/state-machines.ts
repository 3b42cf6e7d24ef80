import { createHash } from 'node:crypto';
import type { ResourceProvider } from '../assembly/resource-provider.ts';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import { parseDefinition } from './definition/parse-definition.ts';
import type { TaskRunner } from './tasks/task-runner.ts';

/** A state machine as the template defines it now. Executions keep the definition that they started with. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** The definition with all substitutions made. */
  readonly definitionText: string;
  readonly revisionId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly loggingConfiguration?: unknown;
  readonly tracingConfiguration?: unknown;
}

/** Every state machine of the local account. */
export class StateMachines {
  readonly #cloud: Cloud;
  readonly #tasks: TaskRunner;
  readonly #machines = new Map<string, StateMachine>();

  constructor(cloud: Cloud, tasks: TaskRunner) {
    this.#cloud = cloud;
    this.#tasks = tasks;
    cloud.store.define('create table if not exists sfn_machines (arn text primary key, created_at integer not null) strict');
  }

  get all(): readonly StateMachine[] {
    return [...this.#machines.values()];
  }

  /** @throws AwsError StateMachineDoesNotExist */
  get(arn: string): StateMachine {
    const machine = this.#machines.get(arn);
    if (machine === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  /** AWS::StepFunctions::StateMachine. */
  readonly provider: ResourceProvider = ({ properties, physicalName }) => {
    const { StateMachineName: name = physicalName, StateMachineType: type = 'STANDARD', RoleArn: roleArn } = properties;
    if (type !== 'STANDARD') throw new Error(`the state machine ${name} is of type ${type}; only STANDARD runs here`);
    if (typeof roleArn !== 'string') throw new Error(`the state machine ${name} has no RoleArn`);
    const definitionText = substituted(definitionIn(properties), properties['DefinitionSubstitutions'] ?? {});
    const arn = `arn:aws:states:${this.#cloud.region}:${this.#cloud.accountId}:stateMachine:${name}`;
    try {
      parseDefinition(definitionText, this.#tasks);
    } catch (error) {
      throw new Error(`the state machine ${name} cannot be deployed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
    const revisionId = createHash('sha256').update(definitionText).update(roleArn).digest('hex').slice(0, 32);
    this.#machines.set(arn, {
      arn,
      name,
      roleArn,
      definitionText,
      revisionId,
      createdAt: this.#firstSeen(arn),
      loggingConfiguration: properties['LoggingConfiguration'],
      tracingConfiguration: properties['TracingConfiguration'],
    });
    return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId } };
  };

  #firstSeen(arn: string): number {
    const { store } = this.#cloud;
    store.write(() =>
      store.prepare('insert into sfn_machines (arn, created_at) values (?, ?) on conflict do nothing').run(arn, Date.now()),
    );
    return Number(store.prepare('select created_at from sfn_machines where arn = ?').get(arn)?.['created_at']);
  }
}

function definitionIn(properties: Readonly<Record<string, unknown>>): string {
  const { DefinitionString: text, Definition: object } = properties;
  if (typeof text === 'string') return text;
  if (typeof object === 'object' && object !== null) return JSON.stringify(object);
  throw new Error('a state machine needs DefinitionString or Definition; DefinitionS3Location is not supported here');
}

/** Puts the values in the place of `${name}`, as CloudFormation does. */
function substituted(text: string, substitutions: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(/\$\{([A-Za-z0-9_]+)\}/g, (placeholder, name: string) => {
    const value = substitutions[name];
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : placeholder;
  });
}
