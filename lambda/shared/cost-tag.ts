/**
 * Tag whose value names one deployment, such as `pulpit-dev`: the cost allocation tag that the budget filters by. Every
 * resource has it from the stacks; a transcription job has it only from whoever starts it.
 */
export const COST_TAG = 'deployment';
