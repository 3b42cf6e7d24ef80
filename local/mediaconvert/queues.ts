import type { ResourceProvider } from '../assembly/resource-provider.ts';
import type { Cloud } from '../cloud.ts';

/** A queue's place in line. */
export interface JobQueue {
  readonly arn: string;
  readonly name: string;
  readonly concurrentJobs: number;
  readonly paused: boolean;
}

// An account's on-demand queue runs this many jobs at once in most regions.
const DEFAULT_CONCURRENT_JOBS = 100;

const KNOWN_PROPERTIES: ReadonlySet<string> = new Set(['Name', 'Description', 'PricingPlan', 'Status', 'Tags', 'ConcurrentJobs']);

/** The account's queues: its own `Default` and those of the template. */
export class JobQueues {
  readonly #cloud: Pick<Cloud, 'accountId' | 'region'>;
  readonly #queues = new Map<string, JobQueue>();

  constructor(cloud: Pick<Cloud, 'accountId' | 'region'>) {
    this.#cloud = cloud;
    this.#add({ name: 'Default', concurrentJobs: DEFAULT_CONCURRENT_JOBS, paused: false });
  }

  /** By ARN or name; the default queue when nothing is named. */
  find(arnOrName = 'Default'): JobQueue | undefined {
    return this.#queues.get(arnOrName) ?? this.#queues.get(this.arnOf(arnOrName));
  }

  arnOf(name: string): string {
    return `arn:aws:mediaconvert:${this.#cloud.region}:${this.#cloud.accountId}:queues/${name}`;
  }

  /** AWS::MediaConvert::Queue. */
  readonly provider: ResourceProvider = ({ logicalId, physicalName, properties }) => {
    const unknown = Object.keys(properties).find((name) => !KNOWN_PROPERTIES.has(name));
    if (unknown !== undefined)
      throw new Error(`${logicalId} has the property ${unknown}; known for a queue are ${[...KNOWN_PROPERTIES].join(', ')}`);
    if ((properties['PricingPlan'] ?? 'ON_DEMAND') !== 'ON_DEMAND')
      throw new Error(`${logicalId} must be an ON_DEMAND queue; others cannot be bought here`);
    const queue = this.#add({
      name: String(properties['Name'] ?? physicalName),
      concurrentJobs: Number(properties['ConcurrentJobs'] ?? DEFAULT_CONCURRENT_JOBS),
      paused: properties['Status'] === 'PAUSED',
    });
    return { ref: queue.name, attributes: { Arn: queue.arn, Name: queue.name } };
  };

  #add(queue: Omit<JobQueue, 'arn'>): JobQueue {
    const added = { ...queue, arn: this.arnOf(queue.name) };
    this.#queues.set(added.arn, added);
    return added;
  }
}
