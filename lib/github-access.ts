import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge, wildcardFinding } from './permissions.ts';

export interface GithubAccessProps extends StackProps {
  /** `owner/name` of the repository whose workflows may come in. */
  readonly repository: string;
  /** An account has one provider for GitHub; where there is one already, its ARN. */
  readonly providerArn?: string;
  /**
   * Qualifier of the CDK's bootstrap stack.
   * @default 'hnb659fds', the CDK's own
   */
  readonly qualifier?: string;
}

const issuer = 'token.actions.githubusercontent.com';
const audience = 'sts.amazonaws.com';

/**
 * Lets a repository's GitHub Actions in without a stored key: pull requests may look at what is deployed, and a job in the
 * environment `prod` may deploy. Neither role has rights of its own but to become the CDK's bootstrap roles.
 */
export class GithubAccess extends Stack {
  constructor(scope: Construct, id: string, { repository, providerArn, qualifier = 'hnb659fds', ...props }: GithubAccessProps) {
    super(scope, id, props);
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new Error(`repository must look like owner/name, got "${repository}"`);
    // The native resource; the older construct would bring a function and a custom resource.
    const provider =
      providerArn === undefined
        ? new iam.OidcProviderNative(this, 'Github', { url: `https://${issuer}`, clientIds: [audience] })
        : iam.OidcProviderNative.fromOidcProviderArn(this, 'Github', providerArn);
    const role = (name: string, subject: string, bootstrapRoles: readonly string[]): void => {
      const assumedBy = new iam.OpenIdConnectPrincipal(provider, {
        StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: `repo:${repository}:${subject}` },
      });
      const created = new iam.Role(this, name, { assumedBy, maxSessionDuration: Duration.hours(1) });
      // The bootstrap stack names its roles by account and region.
      const resources = bootstrapRoles.map((use) =>
        this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `cdk-${qualifier}-${use}-role-${this.account}-*` }),
      );
      created.addToPolicy(new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources }));
      acknowledge(
        created,
        "the CDK's own role for one purpose, in each region that is bootstrapped",
        ...resources.map((arn) => wildcardFinding(created, arn)),
      );
      new CfnOutput(this, `${name}RoleArn`, { value: created.roleArn });
    };
    role('Diff', 'pull_request', ['lookup']);
    // File and image publishing are the assets; deploy hands CloudFormation its own execution role.
    role('Deploy', 'environment:prod', ['lookup', 'deploy', 'file-publishing', 'image-publishing']);
  }
}
