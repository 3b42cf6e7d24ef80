import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { EventBridgeEvent } from 'aws-lambda';
import { openCatalogue } from '../shared/catalogue.ts';
import { required, requiredInteger } from '../shared/environment.ts';
import { stepFunctions } from '../shared/executions.ts';
import { count, logger, observed, traced } from '../shared/observability.ts';
import type { SettleContext } from './settle-run.ts';
import { identityIn, settleRun } from './settle-run.ts';

const context: SettleContext = {
  catalogue: openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient({}))),
  executions: stepFunctions(traced(new SFNClient({}))),
  runSlots: requiredInteger('RUN_SLOTS'),
};

type StatusChange = EventBridgeEvent<
  'Step Functions Execution Status Change',
  // Step Functions leaves the input out where it is too long for an event.
  { readonly executionArn: string; readonly name: string; readonly status: string; readonly input?: string | null }
>;

/** Deals with the end of a run: gives back its turn and slot, and notes a failure for the editor. */
export const handler = observed<StatusChange, void>(
  ({ detail: { name, input } }) => ({ sermonId: identityIn(input ?? undefined)?.sermonId ?? 'unknown', execution: name }),
  async ({ detail: { executionArn, status } }) => {
    const { end, error } = await settleRun(context, executionArn, new Date());
    logger.info('end of run settled', { announced: status, end, ...(error === undefined ? {} : { error }) });
    if (end === 'failed') count('RunsFailed');
  },
);
