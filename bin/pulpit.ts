import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import cdkJson from '../cdk.json' with { type: 'json' };
import { COST_TAG } from '../lambda/shared/cost-tag.ts';
import { deploymentOf } from '../lib/budget.ts';
import { buildBundles } from '../lib/bundles.ts';
import { validateSettings } from '../lib/validate-settings.ts';
import { ServiceStack } from '../lib/service-stack.ts';
import { settingsFor } from '../lib/settings.ts';
import { StorageStack } from '../lib/storage-stack.ts';

// The CLI passes the file's context on; without the CLI the feature flags must hold as well.
const app = new App({ context: cdkJson.context });
const settings = validateSettings(settingsFor(app.node.tryGetContext('stage') ?? 'dev'));
const bundles = await buildBundles(`${import.meta.dirname}/..`);

const prefix = `Pulpit-${settings.stage}`;
const stackProps = { settings, terminationProtection: settings.keepData };
const storage = new StorageStack(app, `${prefix}-Storage`, stackProps);
new ServiceStack(app, `${prefix}-Service`, { ...stackProps, bundles, storage });

Tags.of(app).add('service', 'pulpit');
Tags.of(app).add('stage', settings.stage);
Tags.of(app).add(COST_TAG, deploymentOf(settings));
// Findings fail the synth; each accepted one stands beside the construct it concerns, with its reason.
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
app.synth();
