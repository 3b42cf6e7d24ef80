/**
 * The ids of a batch's messages that stay in the queue, from what a function with ReportBatchItemFailures answered:
 * those it names; all, when an entry has no id or names no message of the batch; none, when there is no list.
 */
export function failedMessages(answer: unknown, messageIds: readonly string[]): readonly string[] {
  if (typeof answer !== 'object' || answer === null || !('batchItemFailures' in answer)) return [];
  const { batchItemFailures: failures } = answer;
  if (failures === null || failures === undefined) return [];
  if (!Array.isArray(failures)) return messageIds;
  const named: unknown[] = failures.map((failure: unknown) =>
    typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure ? failure.itemIdentifier : undefined,
  );
  const known = named.filter((id) => typeof id === 'string' && messageIds.includes(id));
  return known.length < named.length ? messageIds : messageIds.filter((id) => known.includes(id));
}
