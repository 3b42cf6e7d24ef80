// Once an account, by a person: npx cdk deploy --app "npx node bin/github-access.ts" -c repository=OWNER/NAME [-c providerArn=ARN]
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import cdkJson from '../cdk.json' with { type: 'json' };
import { GithubAccess } from '../lib/github-access.ts';

const app = new App({ context: cdkJson.context });
const asked = (name: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
};
const providerArn = asked('providerArn');
const stack = new GithubAccess(app, 'Pulpit-GithubAccess', {
  repository: asked('repository') ?? '',
  ...(providerArn === undefined ? {} : { providerArn }),
});
Tags.of(stack).add('service', 'pulpit');
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
