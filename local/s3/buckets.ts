import { AwsError } from '../gateway/aws-error.ts';
import type { CorsRule } from './codec/cors.ts';

/** A bucket as the template describes it; nothing of it is stored. */
export interface Bucket {
  readonly name: string;
  readonly arn: string;
  /** Suspended and never enabled behave alike for new objects: they replace the version called `null`. */
  readonly versioned: boolean;
  /** Whether object events go to EventBridge. */
  readonly sendsEvents: boolean;
  readonly corsRules: readonly CorsRule[];
}

/** The buckets of the deployed templates, with the policies attached to them. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();
  /** Bucket policies by bucket name, as the templates give them. */
  readonly policies = new Map<string, unknown>();

  define(bucket: Bucket): void {
    this.#buckets.set(bucket.name, bucket);
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws AwsError NoSuchBucket */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    }
    return bucket;
  }

  all(): readonly Bucket[] {
    return [...this.#buckets.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}
