import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { embeddingTask } from '../lambda/shared/embedding-task.ts';
import { WORK_PREFIX } from '../lambda/shared/storage-keys.ts';
import { createLogGroup } from './observability.ts';
import { acknowledge, allow, allowObjects, wildcardFinding } from './permissions.ts';
import type { ServiceContext } from './service-context.ts';
import type { Settings } from './settings.ts';

/** Where passages become vectors: a Fargate task, and the smallest network that it can run in. */
export class Embedding extends Construct {
  readonly cluster: ecs.Cluster;
  readonly task: ecs.FargateTaskDefinition;
  readonly securityGroup: ec2.SecurityGroup;
  readonly subnetIds: readonly string[];
  readonly #modelId: string;

  constructor(scope: Construct, id: string, props: ServiceContext) {
    super(scope, id);
    this.#modelId = props.settings.embeddingModelId;
    const { vpc, subnetIds } = this.#networkOf(props.settings);
    this.subnetIds = subnetIds;
    this.securityGroup = new ec2.SecurityGroup(this, 'NoIngress', { vpc, description: 'Embedding tasks call out and answer nobody' });
    this.cluster = new ecs.Cluster(this, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
    this.task = this.#createTask(props);
  }

  #networkOf({ existingVpcId, existingSubnetIds = [] }: Settings): { readonly vpc: ec2.IVpc; readonly subnetIds: readonly string[] } {
    if (existingVpcId === undefined) {
      const vpc = this.#createNetwork();
      return { vpc, subnetIds: vpc.publicSubnets.map(({ subnetId }) => subnetId) };
    }
    // By its id alone: a look-up would make the synth depend on an account.
    return {
      vpc: ec2.Vpc.fromVpcAttributes(this, 'Network', { vpcId: existingVpcId, availabilityZones: Stack.of(this).availabilityZones }),
      subnetIds: existingSubnetIds,
    };
  }

  /** Public subnets and no NAT gateway: a gateway costs more a month than the tasks do, and nothing can reach a task from outside. */
  #createNetwork(): ec2.IVpc {
    const vpc = new ec2.Vpc(this, 'Network', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 }],
      gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
      // Emptying the default group takes a custom resource; no task uses that group.
      restrictDefaultSecurityGroup: false,
    });
    acknowledge(vpc, 'no flow logs: the network holds no server, only tasks that call out for some minutes', 'AwsSolutions-VPC7');
    // The class satisfies the interface, only not under exactOptionalPropertyTypes.
    return vpc as ec2.IVpc;
  }

  #createTask({ settings, bundles, storage }: ServiceContext): ecs.FargateTaskDefinition {
    const task = new ecs.FargateTaskDefinition(this, 'Task', {
      cpu: embeddingTask.cpuUnits,
      memoryLimitMiB: embeddingTask.memoryMib,
      runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.ARM64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
    });
    task.addContainer('embedding', {
      image: ecs.ContainerImage.fromAsset(bundles.embeddingFolder, { platform: Platform.LINUX_ARM64 }),
      logging: ecs.LogDriver.awsLogs({ logGroup: createLogGroup(this, 'Logs', settings), streamPrefix: 'embedding' }),
      readonlyRootFilesystem: true,
      environment: {
        MEDIA_BUCKET: storage.media.bucketName,
        EMBEDDING_MODEL_ID: settings.embeddingModelId,
        EMBEDDING_DIMENSIONS: String(settings.embeddingDimensions),
        EMBEDDING_CONCURRENCY: String(settings.embeddingConcurrency),
      },
    });
    // A run goes on with the revision that it started with, also when it is redriven after a deployment.
    if (task.node.defaultChild instanceof ecs.CfnTaskDefinition)
      task.node.defaultChild.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    const role = task.taskRole;
    if (!(role instanceof iam.Role)) throw new Error(`${task.node.path} has no role of its own`);
    allowObjects(role, storage.media, { read: [WORK_PREFIX], write: [WORK_PREFIX], list: [WORK_PREFIX] });
    allowModel(role, settings.embeddingModelId);
    acknowledge(task, 'the environment holds names and numbers, no secrets', 'AwsSolutions-ECS2');
    acknowledge(task, 'ECR hands out its login on no narrower resource', wildcardFinding(task, '*'));
    return task;
  }

  /** Calls of the embedding model that Bedrock refused, by whomever in this account and region: it tells models apart, not callers. */
  metricThrottled(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/Bedrock',
      metricName: 'InvocationThrottles',
      dimensionsMap: { ModelId: this.#modelId },
      statistic: cloudwatch.Stats.SUM,
      ...options,
    });
  }
}

/** Lets `role` call one foundation model of this region. */
export function allowModel(role: iam.Role, modelId: string): void {
  const arn = Stack.of(role).formatArn({ service: 'bedrock', account: '', resource: 'foundation-model', resourceName: modelId });
  allow(role, { actions: ['bedrock:InvokeModel'], resources: [arn] });
}
