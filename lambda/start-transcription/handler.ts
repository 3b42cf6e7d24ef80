import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { LanguageCode, TranscribeClient } from '@aws-sdk/client-transcribe';
import { openCatalogue } from '../shared/catalogue.ts';
import { required } from '../shared/environment.ts';
import { count, logger, traced, workflowTask } from '../shared/observability.ts';
import { isThrottling } from '../shared/passing-failure.ts';
import { languageFrom } from './language.ts';
import { startTranscription, type TranscriptionRequest } from './start-transcription.ts';

const settings = {
  mediaBucket: required('MEDIA_BUCKET'),
  transcribeRoleArn: required('TRANSCRIBE_ROLE_ARN'),
  deployment: required('DEPLOYMENT'),
  languageCode: languageFrom(required('LANGUAGE_CODE'), Object.values(LanguageCode)),
};
const ports = {
  catalogue: openCatalogue(required('CATALOGUE_TABLE'), traced(new DynamoDBClient())),
  transcribe: traced(new TranscribeClient()),
  stepFunctions: traced(new SFNClient()),
};

/** Starts one transcription job a run; its answer returns the task token, now or through finish-transcription. */
export const handler = workflowTask<TranscriptionRequest, void>(async (request) => {
  const { jobName, outcome } = await startTranscription(request, settings, ports).catch((error: unknown) => {
    if (isThrottling(error)) count('TranscriptionsThrottled');
    throw error;
  });
  logger.info('transcription asked for', { jobName, outcome, format: request.speech.format });
  if (outcome === 'started') count('TranscriptionsStarted');
});
