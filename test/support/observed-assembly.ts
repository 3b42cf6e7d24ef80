import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembly } from './local-cloud.ts';
import { tempFolder } from './temp-folder.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/**
 * A copy of the assembly with two more rules, each with a queue: one hears what Pulpit announces (output
 * `AnnouncementsUrl`), one hears of every upload (output `UploadEventsUrl`). `holdUploads` switches Pulpit's own rule for
 * uploads off, so that a test may deliver their events in an order of its choice.
 */
export async function observedAssembly({ holdUploads = false }: { readonly holdUploads?: boolean } = {}): Promise<string> {
  const folder = join(tempFolder(), 'assembly');
  cpSync(await assembly(), folder, { recursive: true });
  const name = readdirSync(folder).find((file) => file.endsWith('Service.template.json')) ?? '';
  const template = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Template;
  const [uploadsName, uploads] = only(template, 'AWS::Events::Rule', ({ Description }) => /recording was put/.test(String(Description)));
  const [busName] = only(template, 'AWS::Events::EventBus', () => true);
  const observed: Template = {
    ...template,
    Resources: {
      ...template.Resources,
      ...(holdUploads && { [uploadsName]: { ...uploads, Properties: { ...uploads.Properties, State: 'DISABLED' } } }),
      ...hearing('Announcements', { EventBusName: { Ref: busName }, EventPattern: { source: ['pulpit'] } }),
      ...hearing('UploadEvents', { EventPattern: uploads.Properties['EventPattern'] }),
    },
    Outputs: {
      ...template.Outputs,
      AnnouncementsUrl: { Value: { Ref: 'Announcements' } },
      UploadEventsUrl: { Value: { Ref: 'UploadEvents' } },
    },
  };
  writeFileSync(join(folder, name), JSON.stringify(observed));
  return folder;
}

function hearing(queue: string, rule: Readonly<Record<string, unknown>>): Readonly<Record<string, Resource>> {
  const arn = { 'Fn::GetAtt': [queue, 'Arn'] };
  return {
    [queue]: { Type: 'AWS::SQS::Queue', Properties: {} },
    [`${queue}Policy`]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: queue }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' }, Resource: arn }],
        },
      },
    },
    [`${queue}Rule`]: {
      Type: 'AWS::Events::Rule',
      Properties: { State: 'ENABLED', Targets: [{ Id: 'Target0', Arn: arn }], ...rule },
    },
  };
}

function only({ Resources }: Template, type: string, matches: (properties: Resource['Properties']) => boolean): [string, Resource] {
  const [found, ...more] = Object.entries(Resources).filter(([, { Type, Properties }]) => Type === type && matches(Properties));
  if (found === undefined || more.length > 0) throw new Error(`expected one ${type} in the template; look at what the stack makes`);
  return found;
}
