import type { TaskLimits } from '../shared/sermon.ts';

/** A run time: what the task takes whatever the length, and what it takes for each second of sound. */
interface RunTime {
  readonly baseSeconds: number;
  readonly perSecond: number;
}

/**
 * Generous on purpose: a timeout is for tasks that hang, not for slow ones. The shares are several times what was measured
 * on two busy cores, where transcoding took 0.03 and recognising speech 0.2 seconds for a second of sound.
 */
const RUN_TIMES: Readonly<Record<keyof TaskLimits, RunTime>> = {
  transcodeSeconds: { baseSeconds: 600, perSecond: 0.5 },
  speechCopySeconds: { baseSeconds: 600, perSecond: 0.25 },
  transcriptionSeconds: { baseSeconds: 900, perSecond: 1 },
  // Starting a container takes a minute or two; a passage is about 80 s of sound and one call.
  embeddingSeconds: { baseSeconds: 900, perSecond: 0.25 },
};

/** Timeouts of the long tasks, in whole seconds. Step Functions counts the time that a job waits in its queue, so that comes on top. */
export function taskLimits(durationSeconds: number, queueAllowanceSeconds: number): TaskLimits {
  const limit = ({ baseSeconds, perSecond }: RunTime): number =>
    Math.ceil(queueAllowanceSeconds + baseSeconds + perSecond * durationSeconds);
  return {
    transcodeSeconds: limit(RUN_TIMES.transcodeSeconds),
    speechCopySeconds: limit(RUN_TIMES.speechCopySeconds),
    transcriptionSeconds: limit(RUN_TIMES.transcriptionSeconds),
    embeddingSeconds: limit(RUN_TIMES.embeddingSeconds),
  };
}
