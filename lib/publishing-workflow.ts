import { Duration, Fn } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { SEARCH_PREFIX, SERMONS_PREFIX, WORK_PREFIX } from '../lambda/shared/storage-keys.ts';
import type { Embedding } from './embedding.ts';
import { acknowledge, allow, allowCatalogue, allowObjects, allowOnAny, wildcardFinding } from './permissions.ts';
import { physicalNames } from './physical-names.ts';
import { PulpitFunction } from './pulpit-function.ts';
import { everyRun, executionsOf } from './run-watch.ts';
import type { ServiceContext } from './service-context.ts';
import { longestRunSeconds } from './settings.ts';
import type { Transcoding } from './transcoding.ts';
import type { Transcription } from './transcription.ts';
import { announcesOn, invokes, passes, pinsInto, runs, transcodes, value } from './workflow-bindings.ts';
import { Workflow } from './workflow.ts';

export interface PublishingWorkflowProps extends ServiceContext {
  readonly transcoding: Transcoding;
  readonly transcription: Transcription;
  readonly embedding: Embedding;
}

/** `statemachines/publish-sermon.asl.json` with the functions that only it calls. Read that file for what happens to a sermon. */
export class PublishingWorkflow extends Construct {
  readonly stateMachine: sfn.StateMachine;
  /** Where the rest of the world hears that a sermon was published. */
  readonly sermonEvents: events.EventBus;

  constructor(scope: Construct, id: string, props: PublishingWorkflowProps) {
    super(scope, id);
    const { settings, storage, transcoding, transcription, embedding } = props;
    this.sermonEvents = new events.EventBus(this, 'SermonEvents', { description: 'What happened to sermons' });
    const claimSermon = this.#createClaimSermon(props);

    this.stateMachine = new Workflow(this, 'PublishSermon', {
      settings,
      definitionFile: `${import.meta.dirname}/../statemachines/publish-sermon.asl.json`,
      logGroupName: physicalNames(settings).publishSermonLogs,
      bindings: {
        settleSeconds: value(settings.settleSeconds),
        shortestWaitSeconds: value(settings.shortestWaitSeconds),
        longestWaitSeconds: value(settings.longestWaitSeconds),
        claimSermonArn: invokes(claimSermon),
        mediaBucket: pinsInto(storage.media, storage.uploads),
        probeAudioArn: invokes(this.#createProbeAudio(props)),
        mediaConvertRoleArn: passes(transcoding.role, 'mediaconvert.amazonaws.com'),
        mediaConvertQueueArn: transcodes(transcoding.queueArn),
        startTranscriptionArn: invokes(transcription.start),
        buildTranscriptArn: invokes(this.#createBuildTranscript(props)),
        embeddingClusterArn: value(embedding.cluster.clusterArn),
        embeddingTaskArn: runs(embedding.task, embedding.cluster),
        embeddingSubnetIds: value(Fn.join(',', [...embedding.subnetIds])),
        embeddingSecurityGroupId: value(embedding.securityGroup.securityGroupId),
        indexPassagesArn: invokes(this.#createIndexPassages(props)),
        packageStreamArn: invokes(this.#createPackageStream(props)),
        publishSermonArn: invokes(this.#createPublishSermon(props)),
        eventBusName: announcesOn(this.sermonEvents),
      },
    }).stateMachine;

    // A policy of its own: in the role's default policy it would make the function depend on the workflow that calls it.
    const executions = executionsOf(this.stateMachine);
    const stopping = new iam.PolicyStatement({ actions: ['states:StopExecution', 'states:DescribeExecution'], resources: [executions] });
    const policy = new iam.Policy(this, 'ClaimSermonStopsOlderRuns', { roles: [claimSermon.role], statements: [stopping] });
    acknowledge(policy, everyRun, wildcardFinding(policy, executions));
  }

  #createClaimSermon({ settings, bundles, storage }: ServiceContext): PulpitFunction {
    const claimSermon = new PulpitFunction(this, 'ClaimSermon', {
      settings,
      bundles,
      name: 'claim-sermon',
      // Some conditional writes, one more for each slot that is taken.
      timeout: Duration.seconds(30),
      memorySize: smallCalls,
      environment: {
        CATALOGUE_TABLE: storage.catalogue.tableName,
        RUN_SLOTS: String(settings.runSlots),
        LONGEST_RUN_SECONDS: String(longestRunSeconds(settings)),
        MAX_UPLOAD_BYTES: String(settings.largestUploadBytes),
      },
      invokedBy: 'caller',
    });
    allowCatalogue(claimSermon.role, storage, 'GetItem', 'UpdateItem');
    return claimSermon;
  }

  #createProbeAudio({ settings, bundles, storage }: ServiceContext): PulpitFunction {
    const probeAudio = new PulpitFunction(this, 'ProbeAudio', {
      settings,
      bundles,
      name: 'probe-audio',
      // Probe answers within seconds; tags and atoms are read by range, some hundred kilobytes at most.
      timeout: Duration.seconds(60),
      memorySize: 512,
      environment: {
        MEDIA_BUCKET: storage.media.bucketName,
        CATALOGUE_TABLE: storage.catalogue.tableName,
        QUEUE_ALLOWANCE_SECONDS: String(settings.queueAllowanceSeconds),
        SHORTEST_SECONDS: String(settings.shortestRecordingSeconds),
        LONGEST_SECONDS: String(settings.longestRecordingSeconds),
      },
      invokedBy: 'caller',
    });
    allowObjects(probeAudio.role, storage.media, { read: [WORK_PREFIX] });
    allowCatalogue(probeAudio.role, storage, 'UpdateItem');
    allowOnAny(probeAudio, 'Probe', probeAudio.role, ['mediaconvert:Probe'], 'Probe acts on no resource of MediaConvert');
    return probeAudio;
  }

  #createBuildTranscript({ settings, bundles, storage }: ServiceContext): PulpitFunction {
    const buildTranscript = new PulpitFunction(this, 'BuildTranscript', {
      settings,
      bundles,
      name: 'build-transcript',
      timeout: Duration.seconds(120),
      // Four hours of words are 10 MB of JSON, several times that as objects.
      memorySize: 1024,
      environment: { MEDIA_BUCKET: storage.media.bucketName, LANGUAGE_CODE: settings.languageCode },
      invokedBy: 'caller',
    });
    allowObjects(buildTranscript.role, storage.media, { read: [WORK_PREFIX], write: [SERMONS_PREFIX, WORK_PREFIX] });
    return buildTranscript;
  }

  #createIndexPassages({ settings, bundles, storage }: ServiceContext): PulpitFunction {
    const indexPassages = new PulpitFunction(this, 'IndexPassages', {
      settings,
      bundles,
      name: 'index-passages',
      // The shard is read, changed and written under a condition, again and again while other runs write it too.
      timeout: Duration.seconds(240),
      // One whole processor for SQLite, and room for the shard in memory.
      memorySize: oneProcessor,
      environment: {
        MEDIA_BUCKET: storage.media.bucketName,
        CATALOGUE_TABLE: storage.catalogue.tableName,
        VECTOR_INDEX_ARN: storage.vectorIndexArn,
      },
      invokedBy: 'caller',
    });
    allowObjects(indexPassages.role, storage.media, { read: [WORK_PREFIX, SEARCH_PREFIX], write: [SEARCH_PREFIX], list: [SEARCH_PREFIX] });
    allowCatalogue(indexPassages.role, storage, 'GetItem');
    allow(indexPassages.role, {
      actions: ['s3vectors:PutVectors', 's3vectors:DeleteVectors'],
      resources: [storage.vectorIndexArn],
    });
    return indexPassages;
  }

  #createPackageStream({ settings, bundles, storage }: ServiceContext): PulpitFunction {
    const packageStream = new PulpitFunction(this, 'PackageStream', {
      settings,
      bundles,
      name: 'package-stream',
      // Four hours of MP3 decode in under a minute on one whole processor, and every segment is measured.
      timeout: Duration.seconds(300),
      memorySize: oneProcessor,
      environment: { MEDIA_BUCKET: storage.media.bucketName },
      invokedBy: 'caller',
    });
    allowObjects(packageStream.role, storage.media, { read: [SERMONS_PREFIX], write: [SERMONS_PREFIX], list: [SERMONS_PREFIX] });
    return packageStream;
  }

  #createPublishSermon({ settings, bundles, storage }: ServiceContext): PulpitFunction {
    const publishSermon = new PulpitFunction(this, 'PublishSermonFunction', {
      settings,
      bundles,
      name: 'publish-sermon',
      timeout: Duration.seconds(30),
      memorySize: smallCalls,
      environment: {
        CATALOGUE_TABLE: storage.catalogue.tableName,
        RUN_SLOTS: String(settings.runSlots),
        PRICE_FACTOR: String(settings.priceFactor),
      },
      invokedBy: 'caller',
    });
    allowCatalogue(publishSermon.role, storage, 'GetItem', 'UpdateItem');
    return publishSermon;
  }
}

/** Enough for a function that only makes small calls: more buys a shorter cold start, which no run notices. */
const smallCalls = 256;

/** Lambda gives one whole processor at this much memory. */
const oneProcessor = 1769;
