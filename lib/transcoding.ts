import * as iam from 'aws-cdk-lib/aws-iam';
import * as mediaconvert from 'aws-cdk-lib/aws-mediaconvert';
import { Construct } from 'constructs';
import { SERMONS_PREFIX, WORK_PREFIX } from '../lambda/shared/storage-keys.ts';
import { allowObjects } from './permissions.ts';
import type { ServiceContext } from './service-context.ts';

/** What MediaConvert needs to transcode: a queue of our own, so that other work in the account never stands before sermons, and a role. */
export class Transcoding extends Construct {
  readonly queueArn: string;
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, { settings, storage }: ServiceContext) {
    super(scope, id);
    const concurrentJobs = settings.transcodingJobs;
    this.queueArn = new mediaconvert.CfnQueue(this, 'Queue', {
      description: 'Pulpit: sermons',
      pricingPlan: 'ON_DEMAND',
      concurrentJobs,
    }).attrArn;
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('mediaconvert.amazonaws.com') });
    // It reads the pinned source and writes what listeners get, or the speech copy.
    allowObjects(this.role, storage.media, { read: [WORK_PREFIX], write: [SERMONS_PREFIX, WORK_PREFIX] });
  }
}
