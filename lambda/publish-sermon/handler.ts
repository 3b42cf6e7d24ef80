import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { changeSermon, openCatalogue } from '../shared/catalogue.ts';
import { required, requiredInteger } from '../shared/environment.ts';
import { count, logger, traced, workflowTask } from '../shared/observability.ts';
import type { WorkflowPayload } from '../shared/observability.ts';
import type { Packaged, PreparedSermon } from '../shared/sermon.ts';
import { release } from '../shared/turns.ts';
import type { Publication } from './publish.ts';
import { publish } from './publish.ts';

const catalogue = openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient({})));
const runSlots = requiredInteger('RUN_SLOTS');

/** Flips the one pointer that listeners follow, then gives back the run's turn and slot. */
export const handler = workflowTask<WorkflowPayload & { readonly sermon: PreparedSermon & Packaged }, { readonly outcome: Publication }>(
  async ({ sermon, execution }) => {
    const outcome = await changeSermon(catalogue, sermon.sermonId, (row) => publish(row, sermon, execution, new Date()));
    await release(catalogue, runSlots, sermon.sermonId, execution.arn);
    logger.info('publication decided', { outcome, version: sermon.version, revision: sermon.revision });
    count(outcome === 'published' ? 'SermonsPublished' : 'RunsSuperseded');
    return { outcome };
  },
);
