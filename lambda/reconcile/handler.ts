import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { TranscribeClient } from '@aws-sdk/client-transcribe';
import type { ScheduledEvent } from 'aws-lambda';
import { unansweredSeconds } from '../shared/awaited-answer.ts';
import { openCatalogue } from '../shared/catalogue.ts';
import { required, requiredInteger } from '../shared/environment.ts';
import { stepFunctions } from '../shared/executions.ts';
import { count, logger, measure, observed, traced } from '../shared/observability.ts';
import { readSlots } from '../shared/slots.ts';
import { reconcileRuns, reconcileSlots, reconcileTranscriptions, type Round } from './reconcile.ts';

const catalogue = openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient({})));
const stepFunctionsClient = traced(new SFNClient({}));
const runs = { catalogue, executions: stepFunctions(stepFunctionsClient), runSlots: requiredInteger('RUN_SLOTS') };
const transcriptions = { catalogue, stepFunctions: stepFunctionsClient, transcribe: traced(new TranscribeClient({})) };

/** Time kept back to finish the question under way and to write the log. */
const RESERVE_MILLISECONDS = 10_000;

/**
 * Asks the services about everything whose end may have gone unheard: runs, slots, and transcriptions.
 * @throws AggregateError of what could not be asked, after everything else has been
 */
export const handler = observed<ScheduledEvent, void>(
  () => ({}),
  async (_event, context) => {
    const hasTime = (): boolean => context.getRemainingTimeInMillis() > RESERVE_MILLISECONDS;
    const round: Round = { now: new Date(), hasTime, failures: [] };
    const transcriptionsAnswered = await reconcileTranscriptions(transcriptions, round);
    const slotsFreed = await reconcileSlots(runs, round);
    const runsSettled = await reconcileRuns(runs, round);
    logger.info('reconciled', { runsSettled, slotsFreed, transcriptionsAnswered, failures: round.failures.length });
    count('RunsReconciled', runsSettled);
    count('LeakedSlots', slotsFreed);
    count('HeldSlots', (await readSlots(catalogue, runs.runSlots)).filter(({ holder }) => holder !== undefined).length);
    measure('Unanswered', MetricUnit.Seconds, await unansweredSeconds(catalogue, round.now));
    if (round.failures.length > 0)
      throw new AggregateError(round.failures, `${round.failures.length} could not be reconciled; see the log`);
  },
);
