import type { Settings } from './settings.ts';

/**
 * The few names that a service demands or that people and programs outside go by; everything else is named by CloudFormation,
 * so that it can be replaced.
 */
export const physicalNames = ({ stage, embeddingModelId, embeddingDimensions }: Settings) =>
  ({
    /**
     * A vector index cannot be without a name. It says model and length, because vectors of different models do not
     * compare: `amazon.titan-embed-text-v2:0` with 512 dimensions is `titan-embed-text-v2-512`.
     */
    vectorIndex: `${embeddingModelId
      .replace(/^[a-z]+\./, '')
      .replace(/:\d+$/, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')}-${embeddingDimensions}`,
    /**
     * SQS lets a dead-letter queue name the queue that it serves, and that queue names it: without a name for one of the
     * two they could not be made.
     */
    uploadQueue: `pulpit-${stage}-uploads`,
    /** Part of the alias's ARN, which people and scripts write down. */
    workflowAlias: 'live',
    /**
     * Under this prefix the log service's resource policy does not grow with each log group, up to its limit of 5,120
     * characters.
     */
    publishSermonLogs: `/aws/vendedlogs/states/pulpit-${stage}-publish-sermon`,
    /** An interface: on-call tools route by an alarm's name, and the runbook's chapter has the name after the stage. */
    alarm: (name: string): string => `pulpit-${stage}-${name}`,
    /** An interface too: bookmarks and wall screens hold its address. */
    dashboard: `pulpit-${stage}`,
  }) as const;
