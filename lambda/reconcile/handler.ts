import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { TranscribeClient } from '@aws-sdk/client-transcribe';
import type { ScheduledEvent } from 'aws-lambda';
import { openCatalogue } from '../shared/catalogue.ts';
import { required, requiredInteger } from '../shared/environment.ts';
import { stepFunctions } from '../shared/executions.ts';
import { count, logger, observed, traced } from '../shared/observability.ts';
import { listOpenTranscriptions, settleTranscription } from '../shared/transcriptions.ts';
import { reconcileRuns, reconcileSlots } from './reconcile.ts';

const catalogue = openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient({})));
const stepFunctionsClient = traced(new SFNClient({}));
const runs = { catalogue, executions: stepFunctions(stepFunctionsClient), runSlots: requiredInteger('RUN_SLOTS') };
const transcriptions = { catalogue, stepFunctions: stepFunctionsClient, transcribe: traced(new TranscribeClient({})) };

/** Time kept back to finish the question under way and to write the log. */
const RESERVE_MILLISECONDS = 10_000;

/** Asks the services about everything whose end may have gone unheard: runs, slots, and transcriptions. */
export const handler = observed<ScheduledEvent, void>(
  () => ({}),
  async (_event, context) => {
    const hasTime = (): boolean => context.getRemainingTimeInMillis() > RESERVE_MILLISECONDS;
    const transcriptionsAnswered = await answerTranscriptions(hasTime);
    const slotsFreed = await reconcileSlots(runs);
    const runsSettled = await reconcileRuns(runs, new Date(), hasTime);
    logger.info('reconciled', { runsSettled, slotsFreed, transcriptionsAnswered });
    if (runsSettled > 0) count('RunsReconciled', runsSettled);
  },
);

async function answerTranscriptions(hasTime: () => boolean): Promise<number> {
  let answered = 0;
  for (const { jobName } of await listOpenTranscriptions({ catalogue })) {
    if (!hasTime()) break;
    const { outcome } = await settleTranscription(jobName, transcriptions);
    if (outcome === 'answered') answered += 1;
  }
  return answered;
}
