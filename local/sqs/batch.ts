import { AwsError } from '../gateway/aws-error.ts';
import type { Members } from '../gateway/service.ts';

// SQS takes at most ten entries in a batch.
const MOST_ENTRIES = 10;

/**
 * Runs each entry of a batch by itself, as SQS does: an entry that fails leaves the others alone.
 * @throws AwsError when the batch itself cannot be taken
 */
export function runBatch(input: Members, runEntry: (entry: Members) => Members): Members {
  const entries: readonly Members[] = input['Entries'] ?? [];
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MOST_ENTRIES) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map((entry) => String(entry['Id']));
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);

  const successful: Members[] = [];
  const failed: Members[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry['Id'], ...runEntry(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: entry['Id'], SenderFault: error.status < 500, Code: error.code, Message: error.message });
    }
  }
  return { Successful: successful, Failed: failed };
}
