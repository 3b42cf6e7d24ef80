import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { resourcesOf, synthesize, type Resource, type Template } from './assembly.ts';

let service: Template;
let alarms: readonly (Resource & { readonly id: string })[];
beforeAll(async () => {
  ({ service } = await synthesize('local'));
  alarms = resourcesOf(service, 'AWS::CloudWatch::Alarm');
}, 120_000);

const chapters = [...readFileSync('docs/operator-runbook.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
const nameOf = ({ Properties }: Resource): string => String(Properties.AlarmName);
/** A value of the template, with what it refers to left out. */
const textOf = (value: unknown): string => JSON.stringify(value);

test('every alarm has its chapter in the runbook, and every chapter its alarm', () => {
  expect(alarms.map((alarm) => nameOf(alarm).replace('pulpit-local-', '')).toSorted()).toEqual(chapters.toSorted());
});

test('every chapter says what the alarm means, how to look and how to mend', () => {
  const runbook = readFileSync('docs/operator-runbook.md', 'utf8').split(/^## /m).slice(1);
  for (const chapter of runbook) {
    const [title, ...text] = chapter.split('\n');
    const found = [...text.join('\n').matchAll(/^\*\*(Page|Ticket|Look|Mend)\.\*\*/gm)].map(([, word]) => word);
    expect([title, found]).toEqual([title, [expect.stringMatching(/^(Page|Ticket)$/), 'Look', 'Mend']]);
  }
});

test('the runbook says of each alarm whether it pages, as the alarm does', () => {
  const runbook = readFileSync('docs/operator-runbook.md', 'utf8');
  for (const alarm of alarms) {
    const [topic] = alarm.Properties.AlarmActions;
    const severity = /^Monitoring(Page|Ticket)/.exec(topic.Ref)?.[1];
    expect([nameOf(alarm), runbook.includes(`## ${nameOf(alarm).replace('pulpit-local-', '')}\n\n**${severity}.**`)]).toEqual([
      nameOf(alarm),
      true,
    ]);
  }
});

test('every alarm says one sentence, leads to runbook and console, and tells the end as well as the beginning', () => {
  for (const { Properties } of alarms) {
    const { AlarmName: name, AlarmDescription: description, AlarmActions: raised, OKActions: ended } = Properties;
    expect(textOf(description)).toMatch(/^\{"Fn::Join":\["",\["[A-Z][^.]+\.\\n\\nRunbook: docs\/operator-runbook\.md#[a-z-]+\\n/);
    expect(textOf(description)).toContain(`#alarmsV2:alarm/${name}`);
    expect([name, raised]).toEqual([name, ended]);
  }
});

test('what an alarm makes of missing data is said, with the reason', () => {
  for (const { Properties } of alarms) {
    const said = /No data counts (as good|as unknown), because .+\./.exec(textOf(Properties.AlarmDescription))?.[1];
    expect([Properties.AlarmName, Properties.TreatMissingData]).toEqual([
      Properties.AlarmName,
      said === 'as good' ? 'notBreaching' : 'missing',
    ]);
  }
});

test('every metric of ours that is watched or shown is written by a function', () => {
  const files = readdirSync('lambda', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const code = files.map((name) => readFileSync(join('lambda', name), 'utf8')).join('\n');
  const dashboard = textOf(resourcesOf(service, 'AWS::CloudWatch::Dashboard')[0]?.Properties.DashboardBody);
  const shown = [...dashboard.matchAll(/\\"Pulpit\\",\\"(\w+)\\"|MetricName=\\+"(\w+)/g)].map(
    ([, metric, searched]) => metric ?? searched ?? '',
  );
  const watched = alarms.filter(({ Properties }) => Properties.Namespace === 'Pulpit').map(({ Properties }) => Properties.MetricName);
  expect(shown.length).toBeGreaterThan(10);
  expect([...new Set([...shown, ...watched])].filter((name) => !code.includes(`'${name}'`))).toEqual([]);
});

test('every dead-letter queue has an alarm', () => {
  const watched = alarms.flatMap(({ Properties }) =>
    (Properties.Dimensions ?? []).flatMap(({ Value }: { Value: { 'Fn::GetAtt'?: string[] } }) => Value['Fn::GetAtt']?.[0] ?? []),
  );
  const deadLetters = resourcesOf(service, 'AWS::SQS::Queue').filter(({ id }) => id.includes('DeadLetterQueue'));
  expect(deadLetters.filter(({ id }) => !watched.includes(id))).toEqual([]);
});

test('CloudWatch may tell the topics, over TLS only', () => {
  for (const { Properties } of resourcesOf(service, 'AWS::SNS::TopicPolicy')) {
    expect(Properties.PolicyDocument.Statement).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        expect.objectContaining({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
      ]),
    );
  }
});
