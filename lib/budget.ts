import * as budgets from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import { COST_TAG } from '../lambda/shared/cost-tag.ts';
import type { Settings } from './settings.ts';

export interface BudgetProps {
  /** Dollars a month. */
  readonly monthlyUsd: number;
  /** Who hears of it, 1 to 10: as many as AWS Budgets writes to. */
  readonly emails: readonly string[];
  /** Value of the deployment's cost allocation tag. */
  readonly deployment: string;
}

// Four fifths spent leaves time to look; a forecast above the whole tells of it before it is spent.
const warnings = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
] as const;

/** Writes to people when this deployment costs more than it should. It stops nothing. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { monthlyUsd, emails, deployment }: BudgetProps) {
    super(scope, id);
    new budgets.CfnBudget(this, 'Monthly', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyUsd, unit: 'USD' },
        // Billing sees a tag only once somebody has activated it as a cost allocation tag; until then this budget shows nothing.
        costFilters: { TagKeyValue: [`user:${COST_TAG}$${deployment}`] },
      },
      notificationsWithSubscribers: warnings.map((warning) => ({
        notification: { ...warning, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
        subscribers: emails.map((address) => ({ subscriptionType: 'EMAIL', address })),
      })),
    });
  }
}

/** What the cost allocation tag says on everything of this stage. */
export const deploymentOf = ({ stage }: Settings): string => `pulpit-${stage}`;
