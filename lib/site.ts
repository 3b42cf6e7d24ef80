import { Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { createLogGroup } from './observability.ts';
import { acknowledge, objectsBelow, wildcardFinding } from './permissions.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * The listener's pages in their bucket. Files with a hash in their name first, index.html last, and nothing is removed:
 * whoever has the page open during a deployment still finds the files that it names.
 */
export class Site extends Construct {
  constructor(scope: Construct, id: string, context: ServiceContext) {
    super(scope, id);
    const { settings, bundles, storage } = context;
    // The class satisfies the interface, only not under exactOptionalPropertyTypes.
    const destinationBucket = storage.site as IBucket;
    const logGroup = createLogGroup(this, 'Logs', settings);
    const assets = new BucketDeployment(this, 'Assets', {
      sources: [Source.asset(bundles.siteFolder, { exclude: ['index.html'] })],
      destinationBucket,
      cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
      prune: false,
      logGroup,
    });
    const index = new BucketDeployment(this, 'Index', {
      sources: [Source.asset(bundles.siteFolder, { exclude: ['*', '!index.html'] })],
      destinationBucket,
      cacheControl: [CacheControl.fromString('no-cache')],
      prune: false,
      logGroup,
    });
    index.node.addDependency(assets);
    this.#acknowledgeProvider(context);
  }

  /** The function behind BucketDeployment comes with the CDK, once a stack, and cannot be configured. */
  #acknowledgeProvider({ storage }: ServiceContext): void {
    const provider = Stack.of(this).node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (provider === undefined) throw new Error(`${this.node.path}: the function behind BucketDeployment was not found`);
    acknowledge(
      provider,
      "the CDK's own function for deployments: it runs during a deployment only, which fails visibly when it fails, and its role is the CDK's choice",
      'AwsSolutions-L1',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      ...['GetObject*', 'GetBucket*', 'List*', 'DeleteObject*', 'Abort*'].map((action) => `AwsSolutions-IAM5[Action::s3:${action}]`),
      wildcardFinding(this, objectsBelow(this, storage.site, '')),
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaLatestVersion',
      'Serverless-LambdaTracing',
    );
  }
}
