import type { SQLOutputValue } from 'node:sqlite';
import type { Execution, ExecutionStatus } from './execution.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** An execution as its row in the database has it. */
export function executionOf(row: Row): Execution {
  const text = (column: string): string => String(row[column]);
  const optional = <K extends string>(key: K, column: string): Partial<Record<K, string>> => {
    const member: Partial<Record<K, string>> = {};
    const value = row[column];
    if (typeof value === 'string') member[key] = value;
    return member;
  };
  const time = <K extends string>(key: K, column: string): Partial<Record<K, number>> => {
    const member: Partial<Record<K, number>> = {};
    const value = row[column];
    if (typeof value === 'number') member[key] = value;
    return member;
  };
  return {
    id: Number(row['id']),
    arn: text('arn'),
    name: text('name'),
    stateMachineArn: text('machine'),
    stateMachineName: text('machine_name'),
    roleArn: text('role'),
    definitionHash: text('definition'),
    input: text('input'),
    startedAt: Number(row['started_at']),
    status: statusOf(text('status')),
    redriveCount: Number(row['redrives']),
    ...optional('output', 'output'),
    ...optional('error', 'error'),
    ...optional('cause', 'cause'),
    ...optional('redriveToken', 'redrive_token'),
    ...time('stoppedAt', 'stopped_at'),
    ...time('redrivenAt', 'redriven_at'),
    ...time('deadline', 'deadline'),
  };
}

function statusOf(text: string): ExecutionStatus {
  switch (text) {
    case 'RUNNING':
    case 'SUCCEEDED':
    case 'FAILED':
    case 'TIMED_OUT':
    case 'ABORTED':
      return text;
    default:
      throw new Error(`an execution has the unknown status ${text}; the database is damaged`);
  }
}
