import type { RangedObject } from './ranged-object.ts';

/** Boxes on the way from an MP4's top to the list of its tracks' sample formats. */
const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);

/** Boxes that an MP4 or QuickTime file may begin with. */
const FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);

/** Boxes looked at before giving up: a sermon has one track or two, and `moov` stands among the first few or at the end. */
const MOST_BOXES = 2000;

interface Box {
  readonly type: string;
  readonly bodyStart: number;
  /** Exclusive. */
  readonly end: number;
}

/** Whether a file is an MP4, M4A, 3GP or QuickTime movie, by its first box. */
export const isMp4 = (head: Uint8Array): boolean => FIRST_BOXES.has(fourCharacters(head, 4));

/**
 * Four-character codes of the sample formats of all tracks, such as `mp4a`, `alac`, or `drms` where the sound is protected.
 * Only the structure is read, by ranges: `moov` may stand before gigabytes of sound or behind them.
 */
export async function sampleEntries(object: RangedObject): Promise<readonly string[]> {
  const entries: string[] = [];
  let left = MOST_BOXES;
  const visit = async (start: number, end: number): Promise<void> => {
    for (let position = start; position + 8 <= end && left > 0; left -= 1) {
      const box = await readBox(object, position, end);
      if (box === undefined) return;
      if (CONTAINERS.has(box.type)) await visit(box.bodyStart, box.end);
      if (box.type === 'stsd') entries.push(...(await readEntries(object, box)));
      // Fragments follow the movie's head by the thousand and say nothing new.
      if (box.type === 'moov') return;
      position = box.end;
    }
  };
  await visit(0, object.sizeBytes);
  return entries;
}

async function readBox(object: RangedObject, start: number, limit: number): Promise<Box | undefined> {
  const header = await object.read(start, 16);
  if (header.length < 8) return undefined;
  const view = viewOf(header);
  const type = fourCharacters(header, 4);
  const short = view.getUint32(0);
  // 1: the length stands in the next eight bytes; 0: the box reaches to the end.
  if (short === 1 && header.length < 16) return undefined;
  const headerBytes = short === 1 ? 16 : 8;
  const length = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? limit - start : short;
  if (length < headerBytes) return undefined;
  return { type, bodyStart: start + headerBytes, end: Math.min(start + length, limit) };
}

/** The box holds a version, a number of entries, and the entries: each its length and its code. */
async function readEntries(object: RangedObject, { bodyStart, end }: Box): Promise<readonly string[]> {
  const codes: string[] = [];
  for (let position = bodyStart + 8; position + 8 <= end && codes.length < 16;) {
    const header = await object.read(position, 8);
    if (header.length < 8) break;
    codes.push(fourCharacters(header, 4));
    const length = viewOf(header).getUint32(0);
    if (length < 8) break;
    position += length;
  }
  return codes;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const fourCharacters = (bytes: Uint8Array, offset: number): string => String.fromCharCode(...bytes.subarray(offset, offset + 4));
