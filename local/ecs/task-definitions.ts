import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceProvider } from '../assembly/resource-provider.ts';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';
import { parseDockerfile } from './dockerfile.ts';

/** A task definition with its one container, ready to run. */
export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly cpu: string;
  /** MiB, as text. */
  readonly memory: string;
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
  readonly container: Container;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  /** The image's folder, where the program runs. */
  readonly folder: string;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  readonly logs: { readonly group: string; readonly streamPrefix: string } | undefined;
}

interface ContainerProperties {
  readonly Name: string;
  readonly Image: string;
  readonly Environment?: readonly { readonly Name: string; readonly Value: string }[];
  readonly EntryPoint?: readonly string[];
  readonly Command?: readonly string[];
  readonly StopTimeout?: number;
  readonly LogConfiguration?: { readonly LogDriver: string; readonly Options?: Readonly<Record<string, string>> };
}

// What Fargate waits unless the container says otherwise.
const DEFAULT_STOP_SECONDS = 30;

/** The task definitions of the deployed templates. */
export class TaskDefinitions {
  readonly #cloud: Cloud;
  readonly #byArn = new Map<string, TaskDefinition>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Deploys `AWS::ECS::TaskDefinition`. Its revision is always 1: what the template says now is what runs. */
  readonly provider: ResourceProvider = ({ properties, physicalName }) => {
    const family = String(properties['Family'] ?? physicalName);
    const arn = this.arnOf(`${family}:1`);
    const [container, ...others] = (properties['ContainerDefinitions'] ?? []) as readonly ContainerProperties[];
    if (container === undefined || others.length > 0) {
      throw new Error(
        `the task definition ${family} has ${others.length + (container ? 1 : 0)} containers; the local cloud runs exactly one`,
      );
    }
    this.#byArn.set(arn, {
      arn,
      family,
      cpu: String(properties['Cpu'] ?? '256'),
      memory: String(properties['Memory'] ?? '512'),
      taskRoleArn: optional(properties['TaskRoleArn']),
      executionRoleArn: optional(properties['ExecutionRoleArn']),
      container: this.#container(container),
    });
    return { ref: arn, attributes: { TaskDefinitionArn: arn } };
  };

  /** ARN of a task definition given by ARN, family, or family and revision. */
  arnOf(name: string): string {
    if (name.startsWith('arn:')) return /:\d+$/.test(name) ? name : `${name}:1`;
    const { region, accountId } = this.#cloud;
    return `arn:aws:ecs:${region}:${accountId}:task-definition/${name.includes(':') ? name : `${name}:1`}`;
  }

  find(name: string): TaskDefinition | undefined {
    return this.#byArn.get(this.arnOf(name));
  }

  /** @throws AwsError ClientException */
  get(name: string): TaskDefinition {
    const definition = this.find(name);
    if (definition === undefined) throw new AwsError('ClientException', `Unable to describe task definition ${name}.`);
    return definition;
  }

  #container(properties: ContainerProperties): Container {
    const { directory, dockerFile } = this.#cloud.assets.image(properties.Image);
    const image = parseDockerfile(readFileSync(join(directory, dockerFile), 'utf8'));
    const { LogDriver, Options = {} } = properties.LogConfiguration ?? {};
    const environment = Object.fromEntries((properties.Environment ?? []).map(({ Name, Value }) => [Name, Value]));
    return {
      name: properties.Name,
      image: properties.Image,
      folder: directory,
      entryPoint: properties.EntryPoint ?? image.entryPoint,
      // A definition's own entry point takes the image's command with it, as in Docker.
      command: properties.Command ?? (properties.EntryPoint === undefined ? image.command : []),
      environment: { ...image.environment, ...environment },
      stopTimeout: properties.StopTimeout ?? DEFAULT_STOP_SECONDS,
      logs:
        LogDriver === 'awslogs'
          ? { group: Options['awslogs-group'] ?? '', streamPrefix: Options['awslogs-stream-prefix'] ?? 'ecs' }
          : undefined,
    };
  }
}

function optional(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
