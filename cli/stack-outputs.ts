import type { LocalCloud } from '../local/local-cloud.ts';
import type { UploadTarget } from './upload.ts';

/** Where recordings are uploaded to, as the operator. */
export function uploadTarget({ endpoint, region, credentials, ...cloud }: LocalCloud): UploadTarget {
  return { endpoint, region, credentials, bucket: stackOutput(cloud, 'UploadBucket') };
}

/**
 * An output of the deployed stacks.
 * @throws Error when no stack has it
 */
export function stackOutput({ outputs }: Pick<LocalCloud, 'outputs'>, name: string): string {
  const value = Object.values(outputs).find((stack) => name in stack)?.[name];
  if (value === undefined) throw new Error(`no stack has the output ${name}; synthesize again`);
  return value;
}
