import type { MediaDescription } from '../../media/probe-media.ts';
import type { TranscodedGroup } from '../../media/transcode.ts';
import type { Cloud } from '../cloud.ts';
import type { Members } from '../gateway/service.ts';
import type { JobRecord } from './job-record.ts';
import { probedCodec } from './probed-names.ts';

/** Publishes a "MediaConvert Job State Change"; must be called inside the `store.write` that changes the job. */
export function publishJobEvent(cloud: Cloud, job: JobRecord, status: string, details: Members = {}): void {
  cloud.events.publish({
    source: 'aws.mediaconvert',
    detailType: 'MediaConvert Job State Change',
    resources: [job.arn],
    detail: {
      timestamp: Date.now(),
      accountId: cloud.accountId,
      queue: job.queueArn,
      jobId: job.id,
      status,
      userMetadata: job.request.UserMetadata ?? {},
      ...details,
    },
  });
}

/** `outputGroupDetails` of a COMPLETE event. */
export function outputGroupDetails(groups: readonly TranscodedGroup[]): Members {
  return {
    outputGroupDetails: groups.map(({ kind, outputs, playlistUrl }) => ({
      outputDetails: outputs.map(({ url, durationSeconds }) => ({
        outputFilePaths: [url],
        durationInMs: Math.round(durationSeconds * 1000),
      })),
      ...(playlistUrl === undefined ? {} : { playlistFilePaths: [playlistUrl] }),
      type: kind === 'hls' ? 'HLS_GROUP' : 'FILE_GROUP',
    })),
  };
}

/** `inputDetails` of an INPUT_INFORMATION event. */
export function inputDetails(url: string, { tracks }: MediaDescription): Members {
  const audio = tracks.filter(({ kind }) => kind === 'audio');
  return {
    inputDetails: [
      {
        id: 1,
        uri: url,
        audio: audio.map(({ channels, codec, language, sampleRate, index }) => ({
          channels,
          codec: probedCodec(codec),
          language: (language ?? 'und').toUpperCase(),
          sampleRate,
          streamId: index + 1,
        })),
      },
    ],
  };
}
