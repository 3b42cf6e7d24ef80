import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { TranscribeClient } from '@aws-sdk/client-transcribe';
import type { EventBridgeEvent } from 'aws-lambda';
import { openCatalogue } from '../shared/catalogue.ts';
import { required } from '../shared/environment.ts';
import { count, logger, observed, traced } from '../shared/observability.ts';
import { settleTranscription } from '../shared/transcriptions.ts';

/** What Transcribe tells when a job has ended. Best effort: the reconciler asks for what never came. */
type JobEnded = EventBridgeEvent<
  'Transcribe Job State Change',
  { readonly TranscriptionJobName: string; readonly TranscriptionJobStatus: 'COMPLETED' | 'FAILED' }
>;

const ports = {
  catalogue: openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient())),
  transcribe: traced(new TranscribeClient()),
  stepFunctions: traced(new SFNClient()),
};

/** Returns the task token of the run that waits for this job; an answer that nobody waits for is dropped. */
export const handler = observed<JobEnded, void>(
  ({ detail }) => ({ jobName: detail.TranscriptionJobName }),
  async ({ detail }) => {
    const { outcome, sermonId, executionArn } = await settleTranscription(detail.TranscriptionJobName, ports);
    const execution = executionArn?.split(':').at(-1);
    logger.info(outcome === 'answered' ? 'transcription answered' : 'transcription answer dropped', {
      outcome,
      status: detail.TranscriptionJobStatus,
      sermonId,
      execution,
    });
    if (outcome === 'answered') count(detail.TranscriptionJobStatus === 'COMPLETED' ? 'TranscriptionsCompleted' : 'TranscriptionsFailed');
  },
);
