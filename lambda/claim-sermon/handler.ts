import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { openCatalogue } from '../shared/catalogue.ts';
import { required, requiredInteger } from '../shared/environment.ts';
import { stepFunctions } from '../shared/executions.ts';
import { count, logger, traced, workflowTask } from '../shared/observability.ts';
import type { WorkflowPayload } from '../shared/observability.ts';
import type { Sermon } from '../shared/sermon.ts';
import type { ClaimAnswer, ClaimContext } from './claim.ts';
import { claimSermon } from './claim.ts';

const context: ClaimContext = {
  catalogue: openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient({}))),
  executions: stepFunctions(traced(new SFNClient({}))),
  runSlots: requiredInteger('RUN_SLOTS'),
  leaseSeconds: requiredInteger('LONGEST_RUN_SECONDS'),
  maxUploadBytes: requiredInteger('MAX_UPLOAD_BYTES'),
};

/** Gives the run its turn and a slot, or says that it must wait, or that a newer upload has taken over. */
export const handler = workflowTask<WorkflowPayload & { readonly sermon: Sermon }, ClaimAnswer>(async ({ sermon, execution }) => {
  const answer = await claimSermon(context, sermon, execution, new Date());
  logger.info('claim decided', { outcome: answer.outcome });
  if (answer.outcome === 'superseded') count('RunsSuperseded');
  return answer;
});
