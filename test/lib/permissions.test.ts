import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { type Assembly, resourceOf, resourcesOf, synthesized } from './assembly.ts';
import { type Statement, actionsOf, allows } from './policies.ts';
import { type State, statesOf } from './states.ts';

let local: Assembly;
beforeAll(async () => {
  local = await synthesized('local');
}, 300_000);

test("the workflow's role allows every action of its tasks, and passes roles to their service only", () => {
  const machine = resourceOf(local.service, 'AWS::StepFunctions::StateMachine');
  const allowed = allows(local.service, machine.Properties.RoleArn['Fn::GetAtt'][0]);
  const tasks = statesOf(JSON.parse(machine.Properties.DefinitionString)).filter(({ state }) => state.Type === 'Task');
  for (const { name, state } of tasks) {
    const missing = actionsNeededBy(state).filter((action) => !allowed.some((statement) => actionsOf(statement).includes(action)));
    expect([name, missing]).toEqual([name, []]);
  }
  const passing = allowed.filter((statement) => actionsOf(statement).includes('iam:PassRole'));
  expect(passing.map(({ Condition }) => Condition?.['StringEquals']?.['iam:PassedToService'])).toEqual(
    expect.arrayContaining(['mediaconvert.amazonaws.com', 'ecs-tasks.amazonaws.com']),
  );
});

test('the workflow runs, asks about and stops tasks of its own cluster only', () => {
  const machine = resourceOf(local.service, 'AWS::StepFunctions::StateMachine');
  const onTasks = allows(local.service, machine.Properties.RoleArn['Fn::GetAtt'][0]).filter((statement) =>
    actionsOf(statement).some((action) => action.startsWith('ecs:')),
  );
  expect(onTasks.length).toBeGreaterThan(0);
  for (const { Action, Resource, Condition } of onTasks)
    expect([Action, JSON.stringify([Resource, Condition])]).toEqual([Action, expect.stringContaining('EmbeddingCluster')]);
});

test('no role of ours may do everything to anything', () => {
  for (const { id, Properties } of resourcesOf(local.service, 'AWS::IAM::Policy')) {
    if (id.startsWith('CustomCDKBucketDeployment')) continue;
    const actions = Properties.PolicyDocument.Statement.flatMap(actionsOf);
    expect([id, actions.filter((action: string) => action.includes('*'))]).toEqual([id, []]);
  }
});

test('every function of ours calls what its role allows it', () => {
  // Done on a function's behalf by Lambda, by the tracing daemon, or by a service that is handed a role.
  const byOthers = /^(logs|xray|sqs|iam|kms):/;
  // Transcribe asks whether who starts a job may read the recording and write the answer.
  const askedOfCaller: Readonly<Record<string, readonly string[]>> = { 'start-transcription': ['s3:GetObject', 's3:PutObject'] };
  const uses: Readonly<Record<string, string>> = { 's3:ListBucket': '(GetObject|ListObjectsV2)', 'transcribe:TagResource': 'Tags' };
  for (const { id, Properties } of resourcesOf(local.service, 'AWS::Lambda::Function')) {
    const name = /^Pulpit: (.+)$/.exec(Properties.Description ?? '')?.[1];
    if (name === undefined) continue;
    const folder = join('build', 'lambda', name);
    const bundle = readdirSync(folder).find((file) => file.startsWith('index.')) ?? '';
    const code = readFileSync(join(folder, bundle), 'utf8');
    const granted = allows(local.service, Properties.Role['Fn::GetAtt'][0]).flatMap(actionsOf);
    const idle = granted
      .filter((action) => !byOthers.test(action) && askedOfCaller[name]?.includes(action) !== true)
      .filter((action) => !new RegExp(`\\b${uses[action] ?? action.split(':')[1]}\\b`).test(code));
    expect([id, granted.length > 0, idle]).toEqual([id, true, []]);
  }
});

test('each prefix of the media bucket is written by those whose work it is', () => {
  expect(writersOf('/sermons/*')).toEqual(['PublishingBuildTranscriptRole', 'PublishingPackageStreamRole', 'TranscodingRole']);
  expect(writersOf('/search/*')).toEqual(['PublishingIndexPassagesRole']);
  expect(writersOf('/uploads/*')).toEqual([]);
});

test('whoever looks for what may not be there yet is told 404 by S3, which names no prefix when one object is read', () => {
  for (const role of ['PublishingIndexPassagesRole', 'ApiFunctionRole', 'EmbeddingTaskTaskRole']) {
    const [id = ''] = resourcesOf(local.service, 'AWS::IAM::Role').flatMap((candidate) =>
      candidate.id.startsWith(role) ? candidate.id : [],
    );
    const listing = allows(local.service, id).filter((statement) => actionsOf(statement).includes('s3:ListBucket'));
    expect([role, listing.flatMap(({ Condition = {} }) => Object.keys(Condition))]).toEqual([role, ['StringLikeIfExists']]);
  }
});

test('every bucket and queue answers over TLS only', () => {
  for (const type of ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy'] as const) {
    for (const { id, Properties } of [...resourcesOf(local.storage, type), ...resourcesOf(local.service, type)]) {
      expect([id, Properties.PolicyDocument.Statement]).toEqual([
        id,
        expect.arrayContaining([expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
      ]);
    }
  }
});

/** Actions that Step Functions takes for a state, after its documentation of each integration. */
function actionsNeededBy({ Resource = '' }: State): readonly string[] {
  const rules = ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'];
  const needed: Readonly<Record<string, readonly string[]>> = {
    'arn:aws:states:::lambda:invoke': ['lambda:InvokeFunction'],
    'arn:aws:states:::lambda:invoke.waitForTaskToken': ['lambda:InvokeFunction'],
    'arn:aws:states:::aws-sdk:s3:copyObject': ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
    'arn:aws:states:::mediaconvert:createJob.sync': [
      'mediaconvert:CreateJob',
      'mediaconvert:GetJob',
      'mediaconvert:CancelJob',
      'iam:PassRole',
      ...rules,
    ],
    'arn:aws:states:::ecs:runTask.sync': ['ecs:RunTask', 'ecs:StopTask', 'ecs:DescribeTasks', 'iam:PassRole', ...rules],
    'arn:aws:states:::events:putEvents': ['events:PutEvents'],
  };
  const actions = needed[Resource];
  if (actions === undefined) throw new Error(`write down here which actions ${Resource} takes`);
  return actions;
}

/** Roles that may put objects below a prefix. */
const writersOf = (prefix: string): readonly string[] =>
  resourcesOf(local.service, 'AWS::IAM::Policy')
    .filter(({ Properties }) =>
      Properties.PolicyDocument.Statement.some(
        (statement: Statement) => actionsOf(statement).includes('s3:PutObject') && JSON.stringify(statement.Resource).includes(prefix),
      ),
    )
    .flatMap(({ Properties }): string[] => Properties.Roles.map(({ Ref }: { Ref: string }) => Ref.replace(/[0-9A-F]{8}$/, '')))
    .toSorted();
