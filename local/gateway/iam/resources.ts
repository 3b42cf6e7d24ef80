import type { ResourceProviders } from '../../assembly/resource-provider.ts';
import type { Iam } from './iam.ts';
import type { PolicyDocument } from './policy.ts';

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: PolicyDocument;
}

// What the AWS managed policies that the CDK attaches allow, as IAM's own policy texts say.
const MANAGED_POLICIES: Readonly<Record<string, PolicyDocument>> = {
  'service-role/AWSLambdaBasicExecutionRole': {
    Statement: { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
  },
};

/** Deploys roles and the policies attached to them. */
export function iamResources(iam: Iam): ResourceProviders {
  return {
    'AWS::IAM::Role': ({ physicalName, properties }) => {
      const name = String(properties['RoleName'] ?? physicalName);
      const arn = iam.defineRole(name, properties['Path'] as string | undefined);
      const inline = (properties['Policies'] ?? []) as readonly InlinePolicy[];
      for (const policy of inline) iam.attachPolicy(name, `inline/${policy.PolicyName}`, policy.PolicyDocument);
      const managed = (properties['ManagedPolicyArns'] ?? []) as readonly string[];
      for (const managedArn of managed) iam.attachPolicy(name, managedArn, managedPolicy(managedArn));
      return { ref: name, attributes: { Arn: arn, RoleId: name } };
    },
    'AWS::IAM::Policy': ({ stackName, logicalId, properties }) => {
      const id = `${stackName}/${logicalId}`;
      for (const role of (properties['Roles'] ?? []) as readonly string[]) {
        iam.attachPolicy(role, id, properties['PolicyDocument'] as PolicyDocument);
      }
      return { ref: id, attributes: { Id: id } };
    },
  };
}

function managedPolicy(arn: string): PolicyDocument {
  const name = arn.slice(arn.indexOf(':policy/') + ':policy/'.length);
  const document = MANAGED_POLICIES[name];
  if (document === undefined) {
    throw new Error(`the managed policy ${arn} is not known to the local cloud; known are ${Object.keys(MANAGED_POLICIES).join(', ')}`);
  }
  return document;
}
