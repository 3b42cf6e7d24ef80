import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { awaitAnswer } from '../shared/awaited-answer.ts';
import { changeSermon, openCatalogue } from '../shared/catalogue.ts';
import { required } from '../shared/environment.ts';
import { count, logger, observed, traced } from '../shared/observability.ts';
import { openRun } from '../shared/run-rows.ts';
import { noteUpload } from './note-upload.ts';
import type { RequestedRun } from './upload-event.ts';
import { inputFor, isFolderMarker, requestedRun } from './upload-event.ts';

const stateMachineArn = required('STATE_MACHINE_ARN');
const catalogue = openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient({})));
const stepFunctions = traced(new SFNClient({}));

/** Starts one execution for each upload event; an event that fails goes back to the queue alone. */
export const handler = observed<SQSEvent, SQSBatchResponse>(
  () => ({}),
  async ({ Records: records }) => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { body, messageId, attributes } of records) {
      try {
        const run = requestedRun(body);
        logger.appendKeys({ sermonId: run.sermon.sermonId, execution: run.executionName });
        if (isFolderMarker(run)) logger.info('folder left alone');
        else {
          // Later deliveries are of the same upload.
          if (attributes.ApproximateReceiveCount === '1') count('UploadsReceived');
          await start(run);
        }
      } catch (error) {
        logger.error('no run started', { messageId, error: error instanceof Error ? error : new Error(String(error)) });
        count('UploadsNotStarted');
        batchItemFailures.push({ itemIdentifier: messageId });
      } finally {
        logger.removeKeys(['sermonId', 'execution']);
      }
    }
    return { batchItemFailures };
  },
);

async function start(run: RequestedRun): Promise<void> {
  // The row first: the run reads it, and a crash in between is made good by the next delivery.
  await changeSermon(catalogue, run.sermon.sermonId, (row) => noteUpload(row, run));
  try {
    const { executionArn } = await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name: run.executionName, input: inputFor(run.sermon) }),
    );
    if (executionArn !== undefined) await openRun(catalogue, executionArn, run.sermon, new Date());
    await awaitAnswer(catalogue, new Date());
    count('RunsStarted');
    logger.info('run started', { version: run.sermon.version, sizeBytes: run.sermon.source.sizeBytes });
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
    logger.info('run had been started before', { version: run.sermon.version });
  }
}
