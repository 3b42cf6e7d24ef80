import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { buildBundles } from '../lib/bundles.ts';
import { ServiceStack } from '../lib/service-stack.ts';
import { settingsFor, validateSettings } from '../lib/settings.ts';
import { StorageStack } from '../lib/storage-stack.ts';

const app = new App();
const settings = validateSettings(settingsFor(app.node.tryGetContext('stage') ?? 'dev'));
const bundles = await buildBundles(`${import.meta.dirname}/..`);

const prefix = `Pulpit-${settings.stage}`;
const stackProps = { settings, terminationProtection: settings.keepData };
const storage = new StorageStack(app, `${prefix}-Storage`, stackProps);
new ServiceStack(app, `${prefix}-Service`, { ...stackProps, bundles, storage });

Tags.of(app).add('service', 'pulpit');
Tags.of(app).add('stage', settings.stage);
// Findings fail the synth; each accepted one stands beside the construct it concerns, with its reason.
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
app.synth();
