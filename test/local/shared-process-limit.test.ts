import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CreateJobCommand, MediaConvertClient } from '@aws-sdk/client-mediaconvert';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { StartTranscriptionJobCommand, TranscribeClient } from '@aws-sdk/client-transcribe';
import { ProcessLimit } from '../../media/process-limit.ts';
import { speak } from '../media/recordings.ts';
import { sermonSettings } from '../media/sermon-settings.ts';
import { BUCKET, openMediaCloud, ROLE } from './media-cloud.ts';

/** Counts the programs that run and those that are asked for. */
class ObservedLimit extends ProcessLimit {
  asked = 0;
  most = 0;
  #running = 0;

  override run<T>(work: () => Promise<T>): Promise<T> {
    this.asked += 1;
    return super.run(async () => {
      this.#running += 1;
      this.most = Math.max(this.most, this.#running);
      return work().finally(() => (this.#running -= 1));
    });
  }
}

test('transcoding and recognition together run no more programs than the limit', async () => {
  const limit = new ObservedLimit(1);
  const cloud = await openMediaCloud(undefined, limit);
  try {
    const Body = readFileSync(speak('Knock, and it shall be opened unto you.'));
    await new S3Client(cloud.client).send(new PutObjectCommand({ Bucket: BUCKET, Key: 'work/source.mp3', Body }));
    const Settings = sermonSettings({ bitrates: [64_000] });
    await new MediaConvertClient(cloud.client).send(new CreateJobCommand({ Role: ROLE, Settings }));
    await new TranscribeClient(cloud.client).send(
      new StartTranscriptionJobCommand({
        TranscriptionJobName: 'job',
        LanguageCode: 'en-US',
        Media: { MediaFileUri: 's3://media/work/source.mp3' },
        OutputBucketName: BUCKET,
        JobExecutionSettings: { AllowDeferredExecution: true, DataAccessRoleArn: ROLE },
      }),
    );
    const ends = await Promise.all([
      cloud.event(({ detail }) => ['COMPLETE', 'ERROR'].includes(String(detail['status']))),
      cloud.event(({ detail }) => detail['TranscriptionJobName'] === 'job'),
    ]);
    expect(ends.map(({ detail }) => detail['status'] ?? detail['TranscriptionJobStatus'])).toEqual(['COMPLETE', 'COMPLETED']);
    // Measuring and encoding of the one, decoding and recognition of the other.
    expect(limit.asked).toBeGreaterThanOrEqual(4);
    expect(limit.most).toBe(1);
  } finally {
    await cloud.stop();
  }
});
