import { expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Budget } from '../../lib/budget.ts';
import { settingsFor, stages } from '../../lib/settings.ts';
import { validateSettings } from '../../lib/validate-settings.ts';

test('the budget watches the cost of its own deployment, and tells everybody before and when it is spent', () => {
  const stack = new Stack(new App(), 'Stack');
  const { node } = new Budget(stack, 'Budget', { monthlyUsd: 50, emails: ['a@example.org', 'b@example.org'], deployment: 'pulpit-dev' });
  expect(node.children).toHaveLength(1);
  const [budget] = Object.values(Template.fromStack(stack).findResources('AWS::Budgets::Budget'));
  expect(budget?.['Properties']).toMatchObject({
    Budget: {
      BudgetLimit: { Amount: 50, Unit: 'USD' },
      TimeUnit: 'MONTHLY',
      CostFilters: { TagKeyValue: ['user:deployment$pulpit-dev'] },
    },
    NotificationsWithSubscribers: [
      {
        Notification: { NotificationType: 'ACTUAL', Threshold: 80 },
        Subscribers: [{ Address: 'a@example.org' }, { Address: 'b@example.org' }],
      },
      { Notification: { NotificationType: 'ACTUAL', Threshold: 100 } },
      { Notification: { NotificationType: 'FORECASTED', Threshold: 100 } },
    ],
  });
});

test('a budget needs somebody to write to', () => {
  const settings = { ...settingsFor('dev'), monthlyBudgetUsd: 50, alarmEmails: [] };
  expect(() => validateSettings(settings)).toThrow('monthlyBudgetUsd needs alarmEmails: name somebody to write to');
  expect(validateSettings({ ...settings, alarmEmails: ['a@example.org'] }).monthlyBudgetUsd).toBe(50);
  expect(() => validateSettings({ ...settings, monthlyBudgetUsd: 0, alarmEmails: ['nobody'] })).toThrow(
    [
      '- monthlyBudgetUsd must be above 0, got 0; leave it out for no budget',
      '- alarmEmails must look like operators@example.org, got nobody',
    ].join('\n'),
  );
});

test('no stage has a budget until somebody names a sum', () => {
  for (const stage of stages) expect(settingsFor(stage).monthlyBudgetUsd).toBeUndefined();
});
