import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { EventBridgeEvent } from 'aws-lambda';
import { answerCame } from '../shared/awaited-answer.ts';
import { openCatalogue } from '../shared/catalogue.ts';
import { required, requiredInteger } from '../shared/environment.ts';
import { REFUSALS } from '../shared/errors.ts';
import { stepFunctions } from '../shared/executions.ts';
import { count, logger, measureStep, observed, traced } from '../shared/observability.ts';
import type { Settlement, SettleContext } from './settle-run.ts';
import { identityIn, settleRun } from './settle-run.ts';
import { readStepFigures } from './step-figures.ts';

const stepFunctionsClient = traced(new SFNClient({}));
const context: SettleContext = {
  catalogue: openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient({}))),
  executions: stepFunctions(stepFunctionsClient),
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
    const settlement = await settleRun(context, executionArn, new Date());
    const { end, error } = settlement;
    logger.info('end of run settled', { announced: status, end, ...(error === undefined ? {} : { error }) });
    if (end !== 'running') await noteFigures(executionArn, settlement);
  },
);

async function noteFigures(executionArn: string, { end, error = '' }: Settlement): Promise<void> {
  // Read first: should it fail, the next try of this event counts, and this one has not.
  const steps = await readStepFigures(stepFunctionsClient, executionArn);
  for (const { step, seconds, failures, retries } of steps) {
    measureStep(step, [['StepDuration', MetricUnit.Seconds, seconds]]);
    if (failures > 0) measureStep(step, [['StepFailures', MetricUnit.Count, failures]]);
    if (retries > 0) measureStep(step, [['StepRetries', MetricUnit.Count, retries]]);
  }
  count(
    'Retries',
    steps.reduce((sum, { retries }) => sum + retries, 0),
  );
  if (end === 'superseded') count('RunsSuperseded');
  if (end !== 'failed') return;
  const refused = REFUSALS.has(error);
  if (refused) await answerCame(context.catalogue);
  count(refused ? 'UploadsRefused' : 'RunsFailed');
}
