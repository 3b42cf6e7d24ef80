/**
 * Names a format that is refused, by the file's first 16 bytes. MediaConvert's Probe leaves the format of these blank, as
 * it does for a text file; whoever uploads them should hear what they are.
 */
export function refusedFormat(head: Uint8Array): string | undefined {
  const text = String.fromCharCode(...head.subarray(0, 16));
  if (text.startsWith('FORM') && ['AIFF', 'AIFC'].includes(text.slice(8, 12))) return 'AIFF';
  if (text.startsWith('caff')) return 'CAF';
  if (text.startsWith('#!AMR')) return 'AMR';
  const [first = 0, second = 0] = head;
  if (first === 0x0b && second === 0x77) return 'AC-3';
  // Twelve bits of sync and layer 0: ADTS. MP3 has layer 1 to 3 in the same place.
  if (first === 0xff && (second & 0xf6) === 0xf0) return 'raw AAC';
  return undefined;
}
