import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json' with { type: 'json' };
import { buildBundles } from '../lib/bundles.ts';
import { settingsFor } from '../lib/settings.ts';
import { addStacks } from '../lib/stacks.ts';
import { validateSettings } from '../lib/validate-settings.ts';

// The CLI passes the file's context on; without the CLI the feature flags must hold as well.
const app = new App({ context: cdkJson.context });
const settings = validateSettings(settingsFor(app.node.tryGetContext('stage') ?? 'dev'));
addStacks(app, settings, await buildBundles(`${import.meta.dirname}/..`));
app.synth();
