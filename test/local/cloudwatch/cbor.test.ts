import { expect, test } from '@jest/globals';
import { decodeCbor, encodeCbor } from '../../../local/cloudwatch/cbor.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

// From RFC 8949, appendix A.
test.each([
  ['00', 0],
  ['1818', 24],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['3903e7', -1000],
  ['fb3ff199999999999a', 1.1],
  ['f5', true],
  ['62c3bc', 'ü'],
  ['c11a514b67b0', new Date(1_363_896_240_000)],
  ['83010203', [1, 2, 3]],
  ['a26161016162820203', { a: 1, b: [2, 3] }],
])('%s is read and written as RFC 8949 has it', (encoded, value) => {
  expect(decodeCbor(hex(encoded))).toEqual(value);
  expect(encodeCbor(value).toString('hex')).toBe(encoded);
});

test.each([
  ['9f010203ff', [1, 2, 3]],
  ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
  ['1bffffffffffffffff', 18_446_744_073_709_552_000],
  ['fa47c35000', 100_000],
])('%s is read, though never written', (encoded, value) => expect(decodeCbor(hex(encoded))).toEqual(value));

test.each(['62c3', '9f01', '81'.repeat(40), 'a1', '1c'])('%s is refused', (encoded) => {
  expect(() => decodeCbor(hex(encoded))).toThrow('the request body is not CBOR');
});
