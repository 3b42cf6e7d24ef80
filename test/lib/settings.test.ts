import { expect, test } from '@jest/globals';
import { validateSettings } from '../../lib/validate-settings.ts';
import { longestRunSeconds, settingsFor, stages } from '../../lib/settings.ts';

test('every stage has settings that hold', () => {
  for (const stage of stages) expect(validateSettings(settingsFor(stage)).stage).toBe(stage);
});

test('an unknown stage is refused with the ones there are', () => {
  expect(() => settingsFor('test')).toThrow('stage must be local, dev, prod, got test; choose one with -c stage=dev');
});

test('all problems of the settings stand in one message', () => {
  const broken = {
    ...settingsFor('dev'),
    runSlots: 0,
    longestRecordingSeconds: 5 * 3600,
    longestWaitSeconds: 10,
    uploadVisibilitySeconds: 1,
    embeddingDimensions: 300,
    embeddingWeight: 2,
    languageCode: 'english',
    domainName: 'https://sermons.example.org',
    webAclArn: 'arn:aws:wafv2:eu-west-1:111122223333:global/webacl/site/1',
    existingVpcId: 'vpc-0123456789abcdef0',
    tags: { 'aws:owner': 'media', stage: 'test' },
  };
  expect(() => validateSettings(broken)).toThrow(
    [
      'settings of stage dev do not hold:',
      '- runSlots must be a whole number from 1 to 500, got 0',
      '- longestRecordingSeconds must be a whole number from 60 to 14400, got 18000',
      '- embeddingWeight must be 0 to 1, got 2',
      '- embeddingDimensions must be one of 256, 512, 1024, got 300',
      '- languageCode must look like en-US, got english',
      '- domainName must look like sermons.example.org, got https://sermons.example.org',
      '- webAclArn must look like arn:aws:wafv2:us-east-1:111122223333:global/webacl/NAME/ID, got arn:aws:wafv2:eu-west-1:111122223333:global/webacl/site/1',
      '- tags must be letters, digits, spaces and _.:/=+-@ without the prefix aws:, got aws:owner=media',
      '- tags must leave stage to the app, got stage=test',
      '- longestWaitSeconds must not be below shortestWaitSeconds, got 10 and 20',
      '- uploadVisibilitySeconds must not be below startTimeoutSeconds, got 1 and 30',
      '- domainName and certificateArn go together: give both, or neither',
      '- existingVpcId and existingSubnetIds go together: give both, or neither',
    ].join('\n'),
  );
});

test('local differs from dev in numbers only', () => {
  const dev = Object.entries(settingsFor('dev'));
  const local: Record<string, unknown> = { ...settingsFor('local') };
  const differing = dev.filter(([name, value]) => local[name] !== value && typeof value !== 'number').map(([name]) => name);
  expect(differing).toEqual(['stage']);
});

test('a slot is leased for longer than the waits and the work of the three jobs that follow one another', () => {
  const settings = settingsFor('prod');
  expect(longestRunSeconds(settings)).toBeGreaterThan(3 * (settings.queueAllowanceSeconds + settings.longestRecordingSeconds));
});
