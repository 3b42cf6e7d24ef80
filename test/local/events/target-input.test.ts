import { expect, test } from '@jest/globals';
import { compileInput } from '../../../local/events/target-input.ts';

const envelope = { time: '2026-01-02T03:04:05Z', detail: { key: 'a "b".wav', size: 7, tags: ['x', 'y'] } };
const context = { ruleArn: 'arn:aws:events:us-east-1:000000000000:rule/r', ruleName: 'r' };

test.each([
  ['nothing: the event itself', {}, JSON.stringify(envelope)],
  ['Input: a constant', { Input: '{"go":true}' }, '{"go":true}'],
  ['InputPath: a part', { InputPath: '$.detail.tags[1]' }, '"y"'],
  [
    'a template with bare values',
    {
      InputTransformer: {
        InputPathsMap: { k: '$.detail.key', d: '$.detail' },
        InputTemplate: '{"key":<k>,"all":<d>,"rule":<aws.events.rule-arn>}',
      },
    },
    JSON.stringify({ key: 'a "b".wav', all: envelope.detail, rule: context.ruleArn }),
  ],
  [
    'a template with values inside text',
    {
      InputTransformer: {
        InputPathsMap: { k: '$.detail.key', n: '$.detail.size' },
        InputTemplate: '{"text":"<k> has <n> bytes, <unknown>"}',
      },
    },
    JSON.stringify({ text: 'a "b".wav has 7 bytes, <unknown>' }),
  ],
  [
    'a path that leads nowhere',
    { InputTransformer: { InputPathsMap: { k: '$.detail.none' }, InputTemplate: '{"key":<k>}' } },
    '{"key":null}',
  ],
])('a target receives %s', (_name, target, expected) => {
  expect(compileInput(target, context)(envelope)).toBe(expected);
});
