import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { NoSpeechFoundError } from '../shared/errors.ts';
import { required } from '../shared/environment.ts';
import { count, logger, measure, traced, type WorkflowPayload, workflowTask } from '../shared/observability.ts';
import type { PassagesFile } from '../shared/search/passages.ts';
import type { ProbedSermon, Transcribed, Transcripted } from '../shared/sermon.ts';
import { publishedKeys, workKeys } from '../shared/storage-keys.ts';
import { IMMUTABLE, readText, writeJson, writeText } from '../shared/stored-objects.ts';
import { cuesOf, webVtt } from './captions.ts';
import { passagesOf } from './passages.ts';
import { splitIntoSentences } from './sentences.ts';
import { draftTranscript } from './transcript.ts';
import { parseTranscription } from './transcription.ts';

interface Payload extends WorkflowPayload {
  readonly sermon: ProbedSermon & Transcribed;
}

const s3 = traced(new S3Client());
const bucket = required('MEDIA_BUCKET');
const spokenLanguage = required('LANGUAGE_CODE');

/** Makes the transcript, the captions and the passages from what the recogniser heard. */
export const handler = workflowTask<Payload, Transcripted>(async ({ sermon }) => {
  const transcription = parseTranscription(await readText(s3, { bucket, key: sermon.transcriptionKey }));
  const wordCount = transcription.words.length;
  // Powertools has no unit of minutes.
  measure('TranscribedMinutes', MetricUnit.NoUnit, sermon.audio.durationSeconds / 60);
  if (wordCount === 0) throw new NoSpeechFoundError(sermon.sermonId, sermon.audio.durationSeconds);

  // Transcribe names the language only where it was told to identify it.
  const language = transcription.language ?? spokenLanguage;
  const sentences = splitIntoSentences(transcription);
  const { sermonId, version, revision } = sermon;
  const passages: PassagesFile = { sermonId, version, revision, language, passages: passagesOf(sentences) };
  const keys = publishedKeys(sermon);
  const passagesKey = workKeys(sermon).passages;
  await Promise.all([
    writeJson(s3, { bucket, key: keys.transcript }, draftTranscript(language, sentences), IMMUTABLE),
    writeText(s3, { bucket, key: keys.captions }, webVtt(cuesOf(sentences)), {
      contentType: 'text/vtt; charset=utf-8',
      cacheControl: IMMUTABLE,
    }),
    writeJson(s3, { bucket, key: passagesKey }, passages),
  ]);
  logger.info('transcript built', {
    wordCount,
    sentences: sentences.length,
    passages: passages.passages.length,
    punctuated: transcription.punctuated,
  });
  count('WordsTranscribed', wordCount);
  return { transcript: { hasSpeech: true, passagesKey, wordCount, language } };
});
