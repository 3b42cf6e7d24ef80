import { AwsError } from '../gateway/aws-error.ts';
import type { Operation } from '../gateway/service.ts';
import type { Secrets } from './secretsmanager.ts';

/** GetSecretValue, by ARN or name, of the stages AWSCURRENT and AWSPREVIOUS. */
export function getSecretValue(secrets: Secrets): Operation {
  return {
    permissions: (input) => [{ action: 'secretsmanager:GetSecretValue', resource: secrets.arnOf(String(input['SecretId'])) }],
    run: (input) => {
      const stage = String(input['VersionStage'] ?? 'AWSCURRENT');
      if (input['VersionId'] !== undefined)
        throw new AwsError('InvalidParameterException', 'the local cloud reads secrets by VersionStage, not by VersionId');
      const arn = secrets.arnOf(String(input['SecretId']));
      const version = stage === 'AWSCURRENT' || stage === 'AWSPREVIOUS' ? secrets.table.find(arn, stage) : undefined;
      if (version === undefined)
        throw new AwsError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret value for staging label: ${stage}`,
        );
      return {
        ARN: arn,
        Name: secrets.nameOf(arn),
        VersionId: version.versionId,
        SecretString: version.value,
        VersionStages: [stage],
        CreatedDate: new Date(version.createdAt),
      };
    },
  };
}
