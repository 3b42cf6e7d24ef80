import { type App, PermissionsBoundary, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { COST_TAG } from '../lambda/shared/cost-tag.ts';
import { deploymentOf } from './budget.ts';
import type { Bundles } from './bundles.ts';
import { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import { StorageStack } from './storage-stack.ts';

/** Adds the two stacks of one stage to the app, with what holds for everything in them: tags, a boundary, checks. */
export function addStacks(app: App, settings: Settings, bundles: Bundles): void {
  const prefix = `Pulpit-${settings.stage}`;
  const { permissionsBoundaryArn } = settings;
  const stackProps = {
    settings,
    terminationProtection: settings.keepData,
    ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: PermissionsBoundary.fromArn(permissionsBoundaryArn) }),
  };
  const storage = new StorageStack(app, `${prefix}-Storage`, stackProps);
  new ServiceStack(app, `${prefix}-Service`, { ...stackProps, bundles, storage });

  const tags = { service: 'pulpit', stage: settings.stage, [COST_TAG]: deploymentOf(settings), ...settings.tags };
  for (const [key, value] of Object.entries(tags)) Tags.of(app).add(key, value);
  // Findings fail the synth; each accepted one stands beside the construct it concerns, with its reason.
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}
