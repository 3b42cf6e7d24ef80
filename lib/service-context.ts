import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Bundles } from './bundles.ts';
import type { Settings } from './settings.ts';

/** Where data is kept, as the service sees it. */
export interface Storage {
  readonly uploads: s3.Bucket;
  readonly media: s3.Bucket;
  readonly site: s3.Bucket;
  readonly accessLogs: s3.Bucket;
  readonly catalogue: dynamodb.TableV2;
  readonly vectorIndexArn: string;
  /** Our own key that encrypts uploads, media and the catalogue; none where AWS's keys do. */
  readonly key: kms.Key | undefined;
}

/** What every part of the service is built from. */
export interface ServiceContext {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly storage: Storage;
}
