import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { answerCame } from '../shared/awaited-answer.ts';
import { changeSermon, openCatalogue } from '../shared/catalogue.ts';
import { costOf } from '../shared/cost.ts';
import { required, requiredInteger, requiredNumber } from '../shared/environment.ts';
import { count, logger, measure, traced, workflowTask } from '../shared/observability.ts';
import type { WorkflowPayload } from '../shared/observability.ts';
import type { Packaged, PreparedSermon } from '../shared/sermon.ts';
import { release } from '../shared/turns.ts';
import type { Publication } from './publish.ts';
import { publish } from './publish.ts';

const catalogue = openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient({})));
const runSlots = requiredInteger('RUN_SLOTS');
const priceFactor = requiredNumber('PRICE_FACTOR');

interface Payload extends WorkflowPayload {
  readonly sermon: PreparedSermon & Packaged;
  /** How often the run waited for its turn. A run of an older definition does not tell. */
  readonly waits?: number;
}

/** Flips the one pointer that listeners follow, notes what the run cost, then gives back its turn and slot. */
export const handler = workflowTask<Payload, { readonly outcome: Publication }>(async ({ sermon, execution, waits }) => {
  const cost = costOf(sermon, waits, priceFactor);
  const outcome = await changeSermon(catalogue, sermon.sermonId, (row) => publish(row, sermon, { execution, cost }, new Date()));
  await release(catalogue, runSlots, sermon.sermonId, execution.arn);
  logger.info('publication decided', { outcome, version: sermon.version, revision: sermon.revision, estimatedUsd: cost.estimatedUsd });
  await noteOutcome(outcome, sermon);
  // In dollars, for which CloudWatch has no unit.
  measure('EstimatedCost', MetricUnit.NoUnit, cost.estimatedUsd);
  return { outcome };
});

async function noteOutcome(outcome: Publication, { revision, source }: PreparedSermon): Promise<void> {
  if (outcome !== 'published') return count('RunsSuperseded');
  await answerCame(catalogue);
  count('SermonsPublished');
  // A fresh run of an old upload says nothing about how long uploads take.
  if (revision === 0 && source.uploadedAt !== undefined) {
    measure('UploadToPublished', MetricUnit.Seconds, Math.max(0, (Date.now() - Date.parse(source.uploadedAt)) / 1000));
  }
}
