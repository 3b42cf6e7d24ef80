import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { buildBundles } from '../../lib/bundles.ts';
import { type Settings, settingsFor } from '../../lib/settings.ts';
import { addStacks } from '../../lib/stacks.ts';
import { validateSettings } from '../../lib/validate-settings.ts';

// Run by test/lib/assembly.ts in a process of its own: the app of bin/pulpit.ts with some settings of a stage replaced.
const app = new App({ context: cdkJson.context });
const options = JSON.parse(process.env['SETTINGS_OF_TEST'] ?? '{}') as Partial<Settings>;
const settings = validateSettings({ ...settingsFor(app.node.tryGetContext('stage')), ...options });
addStacks(app, settings, await buildBundles(`${import.meta.dirname}/../..`));
app.synth();
