import type { RunCost } from './cost.ts';
import type { RunIdentity } from './storage-keys.ts';

/** What listeners are told about a sermon. */
export type SermonStatus = 'processing' | 'published' | 'scheduled' | 'failed' | 'removed';

/** How a run stands. Superseded is no failure: a newer upload has taken over. */
export type RunStatus = 'running' | 'succeeded' | 'superseded' | 'failed';

/** The newest run of a sermon that has asked for its turn. */
export interface LatestRun {
  readonly version: string;
  readonly revision: number;
  readonly executionName: string;
  readonly executionArn: string;
  readonly status: RunStatus;
  /** Name of the error, when failed. */
  readonly error?: string;
  /** One plain sentence for the editor, when failed. */
  readonly message?: string;
  /** What the run used and about what that costs; of runs that came to Publish sermon. */
  readonly cost?: RunCost;
}

/** Which run may work on the sermon now. */
export interface Turn {
  readonly executionArn: string;
  readonly version: string;
  readonly revision: number;
}

/** One sermon, key `sermon#<sermonId>`. Everything but what follows from the key is written through `changeSermon`. */
export interface SermonRow {
  readonly pk: string;
  readonly sermonId: string;
  /** Key in the uploads bucket, verbatim. */
  readonly uploadKey: string;
  /** The newest version that an upload event has named; runs of older versions end as superseded. */
  readonly newestVersion: string;
  readonly status: SermonStatus;
  /** Partition of the index byListing: the status, so that a sermon that is made anew stays listed as published. */
  readonly listing: string;
  /** Sort key of the index byListing, ISO 8601: the upload's time, later that of the first publication, or of the failure. */
  readonly listedAt: string;
  readonly title: string;
  readonly preacher?: string;
  readonly date?: string;
  readonly durationSeconds?: number;
  readonly publishedVersion?: string;
  readonly publishedRevision?: number;
  /** ISO 8601 time of the first publication; stays when a newer version is published, so that lists do not jump. */
  readonly publishedAt?: string;
  readonly hasSpeech?: boolean;
  readonly language?: string;
  readonly latestRun?: LatestRun;
  readonly turn?: Turn;
  /** Counts the row's changes; a change is written only if nobody else changed the row meanwhile. */
  readonly edition?: number;
}

/** One of the N places for runs that work at the same time, key `slot#<k>`, k from 0. */
export interface SlotRow {
  readonly pk: string;
  /** ARN of the execution that has the slot. */
  readonly holder?: string;
  /** Unix time in seconds; a slot whose lease is over may be taken. */
  readonly leaseUntil?: number;
}

/** A run that has started, key `run#<execution's ARN>`; listed as `running` until its end has been noted, so that the reconciler finds it. */
export interface RunRow extends RunIdentity {
  readonly pk: string;
  readonly executionArn: string;
  readonly listing?: typeof RUNNING;
  /** ISO 8601 time at which the run was last seen running. */
  readonly listedAt?: string;
  /** Unix time in seconds at which DynamoDB deletes the row. */
  readonly expiresAt: number;
}

/** Listing of runs whose end has not been noted. */
export const RUNNING = 'running';

/** Listing of transcription jobs that have not answered. */
export const TRANSCRIPTION = 'transcription';

export const sermonKey = (sermonId: string): string => `sermon#${sermonId}`;
export const slotKey = (slot: number): string => `slot#${slot}`;
export const runKey = (executionArn: string): string => `run#${executionArn}`;
