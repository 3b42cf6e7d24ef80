import { Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3vectors from 'aws-cdk-lib/aws-s3vectors';
import type { Construct } from 'constructs';
import { SERMONS_PREFIX, WORK_PREFIX } from '../lambda/shared/storage-keys.ts';
import { LISTING_INDEX, acknowledge } from './permissions.ts';
import { physicalNames } from './physical-names.ts';
import { removalPolicyOf } from './removal-policy.ts';
import type { Settings } from './settings.ts';

export interface StorageStackProps extends StackProps {
  readonly settings: Settings;
}

/** Everything that holds data and must outlive a deployment. */
export class StorageStack extends Stack {
  /** Editors put recordings here, below `uploads/`. Versioned: a run reads the very version that started it. */
  readonly uploads: s3.Bucket;
  /** `work/` of the runs, `search/` shards, and below `sermons/` what listeners hear and read. */
  readonly media: s3.Bucket;
  /** The listener's pages. */
  readonly site: s3.Bucket;
  /** What CloudFront notes of each request: addresses and searches too, so they are kept as short as the stage says. */
  readonly accessLogs: s3.Bucket;
  readonly catalogue: dynamodb.TableV2;
  readonly vectorIndexArn: string;
  /** Encrypts recordings, what is made of them, and the catalogue; none where AWS's own keys do. */
  readonly key: kms.Key | undefined;

  constructor(scope: Construct, id: string, props: StorageStackProps) {
    super(scope, id, props);
    const { settings } = props;
    this.key = settings.customerManagedKey ? this.#createKey(settings) : undefined;
    this.uploads = this.#bucket('Uploads', settings, this.key, {
      versioned: true,
      lifecycleRules: [
        // A version that was replaced is needed for as long as its run may be started anew.
        { id: 'ReplacedUploads', noncurrentVersionExpiration: Duration.days(settings.replacedUploadDays), expiredObjectDeleteMarker: true },
        unfinishedUploads,
      ],
    });
    this.#sendEventsOf(this.uploads);
    this.media = this.#bucket('Media', settings, this.key, {
      // A failed run can be redriven for 14 days and needs its intermediate files until then.
      lifecycleRules: [{ id: 'Work', prefix: WORK_PREFIX, expiration: Duration.days(15) }, unfinishedUploads],
    });
    this.site = this.#bucket('Site', settings, undefined, { lifecycleRules: [unfinishedUploads] });
    this.accessLogs = this.#bucket('AccessLogs', settings, undefined, {
      // CloudFront's log delivery writes with an access control list; what it writes belongs to this account all the same.
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
      lifecycleRules: [{ id: 'AccessLogs', expiration: Duration.days(settings.accessLogDays) }, unfinishedUploads],
    });
    this.#letCloudFrontRead(this.media, `${SERMONS_PREFIX}*`);
    this.#letCloudFrontRead(this.site, '*');
    this.catalogue = this.#createCatalogue(settings);
    this.vectorIndexArn = this.#createVectorIndex(settings);
  }

  /** The key's policy lets this account's roles use it as far as their own policies say, and CloudFront read what is published. */
  #createKey(settings: Settings): kms.Key {
    const key = new kms.Key(this, 'Key', {
      description: `Pulpit ${settings.stage}: recordings, what is made of them, and the catalogue`,
      enableKeyRotation: true,
      removalPolicy: removalPolicyOf(settings),
    });
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('cloudfront.amazonaws.com')],
        actions: ['kms:Decrypt'],
        // In a key's policy: this key.
        resources: ['*'],
        conditions: { ArnLike: { 'aws:SourceArn': this.#distributions } },
      }),
    );
    return key;
  }

  /** Every distribution of this account. */
  get #distributions(): string {
    return this.formatArn({ service: 'cloudfront', region: '', resource: 'distribution', resourceName: '*' });
  }

  #bucket(id: string, settings: Settings, encryptionKey: kms.Key | undefined, props: s3.BucketProps): s3.Bucket {
    const bucket = new s3.Bucket(this, id, {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      ...(encryptionKey === undefined
        ? { encryption: s3.BucketEncryption.S3_MANAGED }
        : // One call to KMS serves many objects.
          { encryption: s3.BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
      enforceSSL: true,
      removalPolicy: removalPolicyOf(settings),
      ...props,
    });
    acknowledge(
      bucket,
      'no server access logs: an upload shows as an event and as a run, and listeners read through CloudFront, which keeps its own',
      'AwsSolutions-S1',
    );
    return bucket;
  }

  /** Through the L1 property: the L2 flag would bring a custom resource with a function of its own. */
  #sendEventsOf(bucket: s3.Bucket): void {
    const cfnBucket = bucket.node.defaultChild;
    if (!(cfnBucket instanceof s3.CfnBucket)) throw new Error(`${bucket.node.path} has no AWS::S3::Bucket`);
    cfnBucket.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  /**
   * CloudFront's origin access control, written here and not by the distribution: naming the other stack's distribution
   * would make the stacks depend on each other. So any distribution of this account may read.
   */
  #letCloudFrontRead(bucket: s3.Bucket, keys: string): void {
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('cloudfront.amazonaws.com')],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects(keys)],
        conditions: { ArnLike: { 'aws:SourceArn': this.#distributions } },
      }),
    );
  }

  #createCatalogue(settings: Settings): dynamodb.TableV2 {
    const table = new dynamodb.TableV2(this, 'Catalogue', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      billing: dynamodb.Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      globalSecondaryIndexes: [
        {
          indexName: LISTING_INDEX,
          partitionKey: { name: 'listing', type: dynamodb.AttributeType.STRING },
          sortKey: { name: 'listedAt', type: dynamodb.AttributeType.STRING },
        },
      ],
      deletionProtection: settings.keepData,
      removalPolicy: removalPolicyOf(settings),
    });
    if (this.key !== undefined) this.#encrypt(table, this.key);
    return table;
  }

  /** Through the L1 properties: the L2 takes a key only where the stack names its region, and ours goes to any. */
  #encrypt(table: dynamodb.TableV2, key: kms.Key): void {
    const cfnTable = table.node.defaultChild;
    if (!(cfnTable instanceof dynamodb.CfnGlobalTable)) throw new Error(`${table.node.path} has no AWS::DynamoDB::GlobalTable`);
    cfnTable.addPropertyOverride('SSESpecification', { SSEEnabled: true, SSEType: 'KMS' });
    cfnTable.addPropertyOverride('Replicas.0.SSESpecification.KMSMasterKeyId', key.keyArn);
  }

  #createVectorIndex(settings: Settings): string {
    const removalPolicy = removalPolicyOf(settings);
    const bucket = new s3vectors.CfnVectorBucket(this, 'Vectors', {});
    bucket.applyRemovalPolicy(removalPolicy);
    const index = new s3vectors.CfnIndex(this, 'PassageVectors', {
      vectorBucketArn: bucket.attrVectorBucketArn,
      indexName: physicalNames(settings).vectorIndex,
      dataType: 'float32',
      dimension: settings.embeddingDimensions,
      distanceMetric: 'cosine',
      metadataConfiguration: { nonFilterableMetadataKeys: ['ordinal', 'startSeconds', 'endSeconds'] },
    });
    index.applyRemovalPolicy(removalPolicy);
    return index.attrIndexArn;
  }
}

/** Parts of uploads that were never completed cost storage and are seen nowhere. */
const unfinishedUploads: s3.LifecycleRule = { id: 'UnfinishedUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) };
