import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Bundles } from './bundles.ts';
import type { Settings } from './settings.ts';

/** Where data is kept, as the service sees it. */
export interface Storage {
  readonly uploads: s3.Bucket;
  readonly media: s3.Bucket;
  readonly site: s3.Bucket;
  readonly catalogue: dynamodb.TableV2;
  readonly vectorIndexArn: string;
}

/** What every part of the service is built from. */
export interface ServiceContext {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly storage: Storage;
}
