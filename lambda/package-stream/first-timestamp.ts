/** Owner of the ID3 frame that packed audio carries in each segment (RFC 8216, section 3.4). */
const OWNER = 'com.apple.streaming.transportStreamTimestamp\0';

/** Bytes of a segment that are sure to hold its ID3 tag. */
export const TAG_BYTES = 1024;

/**
 * MPEG timestamp of a packed audio segment's first sample, 90,000 a second. Captions name it, because players count a
 * stream's time from there. 0 where the segment says nothing.
 */
export function firstTimestamp(segment: Uint8Array): bigint {
  const bytes = Buffer.from(segment.buffer, segment.byteOffset, segment.byteLength);
  const owner = bytes.indexOf(OWNER, 0, 'latin1');
  const at = owner + OWNER.length;
  if (owner < 0 || at + 8 > bytes.length) return 0n;
  // The upper 31 bits are zero by definition.
  return bytes.readBigUInt64BE(at) & 0x1_ffff_ffffn;
}
