/**
 * Size of the embedding task: 1 vCPU and 2 GB, since it waits for Bedrock most of the time and a sermon's passages take a
 * few megabytes. Here because the task definition and the estimate of a run's cost must agree.
 */
export const embeddingTask = { cpuUnits: 1024, memoryMib: 2048 } as const;
