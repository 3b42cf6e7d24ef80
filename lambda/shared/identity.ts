import { createHash } from 'node:crypto';
import { UPLOADS_PREFIX } from './storage-keys.ts';

/** What makes an upload this upload and no other: S3 gives each write of a key a sequencer of its own. */
export interface UploadIdentity {
  readonly bucket: string;
  readonly key: string;
  readonly sequencer: string;
}

/** Digits of a version. S3's sequencers have 16 to 18 hexadecimal digits today; the service promises no length. */
const VERSION_DIGITS = 32;

/** Longest readable part of an id: with the digest it stays well under the 80 characters of an execution's name. */
const SLUG_CHARACTERS = 40;

/** The sermon that an upload key denotes: readable part, then digits that keep keys apart which read the same. */
export const sermonIdFor = (key: string): string => `${slugOf(key)}-${digest(key).slice(0, 8)}`;

/**
 * The version that a sequencer denotes. Sequencers sort as text once the shorter is padded with zeros on the right, and
 * only within one key.
 * @throws Error when it is no sequencer
 */
export function versionFor(sequencer: string): string {
  if (!/^[0-9A-Fa-f]+$/.test(sequencer) || sequencer.length > VERSION_DIGITS) {
    throw new Error(
      `sequencer must be 1 to ${VERSION_DIGITS} hexadecimal digits, got ${JSON.stringify(sequencer.slice(0, 80))}; check the event's detail.object.sequencer`,
    );
  }
  return sequencer.toUpperCase().padEnd(VERSION_DIGITS, '0');
}

/**
 * Name of the execution that an upload starts: however often its event is delivered, the name is the same. At most 57
 * characters, so that `-rN` of a fresh run fits into the 80 that Step Functions allows.
 */
export function executionNameFor({ bucket, key, sequencer }: UploadIdentity, revision = 0): string {
  const name = `${slugOf(key)}-${digest(`${bucket}\n${key}\n${sequencer}`).slice(0, 16)}`;
  return revision === 0 ? name : `${name}-r${revision}`;
}

/** The file's name made readable: what a sermon is called until a tag or a person says better. At most 200 characters. */
export function titleFor(key: string): string {
  const fileName = withoutExtension(key.split('/').at(-1) ?? '');
  const readable = fileName
    .replaceAll(/[_\s]+/g, ' ')
    .replaceAll(/(?<=\p{L})-(?=\p{L})/gu, ' ')
    .trim();
  return Array.from(readable).slice(0, 200).join('') || 'Untitled sermon';
}

/** The file's extension with its dot, in lower case; empty where there is none that services would understand. */
export const extensionOf = (key: string): string => /\.[A-Za-z0-9]{1,8}$/.exec(key)?.[0].toLowerCase() ?? '';

const withoutExtension = (key: string): string => key.slice(0, key.length - extensionOf(key).length);

function slugOf(key: string): string {
  const below = key.startsWith(UPLOADS_PREFIX) ? key.slice(UPLOADS_PREFIX.length) : key;
  const plain = withoutExtension(below)
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase();
  const slug = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, SLUG_CHARACTERS)
    .replace(/-$/, '');
  // A name in another script leaves nothing; the digest alone keeps it apart.
  return slug === '' ? 'sermon' : slug;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
