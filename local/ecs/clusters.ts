import type { ResourceProvider } from '../assembly/resource-provider.ts';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../gateway/aws-error.ts';

/** The clusters of the deployed templates. */
export class Clusters {
  readonly #cloud: Cloud;
  readonly #arns = new Set<string>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Deploys `AWS::ECS::Cluster`. */
  readonly provider: ResourceProvider = ({ properties, physicalName }) => {
    const name = String(properties['ClusterName'] ?? physicalName);
    this.#arns.add(this.arnOf(name));
    return { ref: name, attributes: { Arn: this.arnOf(name) } };
  };

  /** ARN of the cluster that a request names by ARN or name; ECS's own default is the cluster `default`. */
  arnOf(cluster: unknown): string {
    const name = typeof cluster === 'string' ? cluster : 'default';
    return name.startsWith('arn:') ? name : `arn:aws:ecs:${this.#cloud.region}:${this.#cloud.accountId}:cluster/${name}`;
  }

  /** @throws AwsError ClusterNotFoundException */
  get(cluster: unknown): string {
    const arn = this.arnOf(cluster);
    if (!this.#arns.has(arn)) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    return arn;
  }
}
