import { expect, test } from '@jest/globals';
import { longestRunSeconds, settingsFor, stages, validateSettings } from '../../lib/settings.ts';

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
    longestWaitSeconds: 10,
    uploadVisibilitySeconds: 1,
    embeddingDimensions: 300,
    languageCode: 'english',
  };
  expect(() => validateSettings(broken)).toThrow(
    [
      'settings of stage dev do not hold:',
      '- runSlots must be a whole number from 1 to 500, got 0',
      '- embeddingDimensions must be one of 256, 512, 1024, got 300',
      '- longestWaitSeconds must not be below shortestWaitSeconds, got 10 and 20',
      '- uploadVisibilitySeconds must not be below startTimeoutSeconds, got 1 and 30',
      '- languageCode must look like en-US, got english',
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
  expect(longestRunSeconds(settings)).toBeGreaterThan(3 * (settings.queueAllowanceSeconds + 4 * 3600));
});
