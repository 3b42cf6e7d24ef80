import { expect, test } from '@jest/globals';
import { compilePattern } from '../../../local/events/pattern.ts';

const upload = {
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: {
    bucket: { name: 'uploads' },
    object: { key: 'uploads/Amos 3.WMA', size: 1024, tags: ['draft', 'en'] },
    reason: null,
    parts: [
      { n: 1, ok: false },
      { n: 2, ok: true },
    ],
  },
};

test.each([
  ['an exact value', { source: ['aws.s3'] }, true],
  ['one of several values', { source: ['aws.ec2', 'aws.s3'] }, true],
  ['another value', { source: ['aws.ec2'] }, false],
  ['every field must fit', { source: ['aws.s3'], 'detail-type': ['Object Deleted'] }, false],
  ['nested fields', { detail: { bucket: { name: ['uploads'] } } }, true],
  ['a number is not its text', { detail: { object: { size: ['1024'] } } }, false],
  ['null is a value', { detail: { reason: [null] } }, true],
  ['prefix', { detail: { object: { key: [{ prefix: 'uploads/' }] } } }, true],
  ['prefix, ignoring case', { detail: { object: { key: [{ prefix: { 'equals-ignore-case': 'UPLOADS/' } }] } } }, true],
  ['suffix', { detail: { object: { key: [{ suffix: '.wma' }] } } }, false],
  ['suffix, ignoring case', { detail: { object: { key: [{ suffix: { 'equals-ignore-case': '.wma' } }] } } }, true],
  ['equals-ignore-case', { detail: { bucket: { name: [{ 'equals-ignore-case': 'UPLOADS' }] } } }, true],
  ['wildcard', { detail: { object: { key: [{ wildcard: 'up*/*.WMA' }] } } }, true],
  ['a wildcard has no other special characters', { detail: { object: { key: [{ wildcard: '.*' }] } } }, false],
  ['an escaped star is a star', { detail: { object: { key: [{ wildcard: 'uploads/\\*' }] } } }, false],
  ['anything-but a value', { detail: { bucket: { name: [{ 'anything-but': 'work' }] } } }, true],
  ['anything-but a list', { detail: { bucket: { name: [{ 'anything-but': ['work', 'uploads'] }] } } }, false],
  ['anything-but a prefix', { detail: { object: { key: [{ 'anything-but': { prefix: 'uploads/' } }] } } }, false],
  ['anything-but needs the field', { detail: { missing: [{ 'anything-but': 'x' }] } }, false],
  ['numeric range', { detail: { object: { size: [{ numeric: ['>', 0, '<=', 1024] }] } } }, true],
  ['numeric outside', { detail: { object: { size: [{ numeric: ['<', 1024] }] } } }, false],
  ['exists', { detail: { object: { key: [{ exists: true }] } } }, true],
  ['exists of null', { detail: { reason: [{ exists: true }] } }, true],
  ['exists of an object, which is no leaf', { detail: { object: [{ exists: true }] } }, false],
  ['exists false', { detail: { missing: [{ exists: false }] } }, true],
  ['a field named like a built-in does not exist', { detail: { constructor: [{ exists: false }] } }, true],
  ['$or', { $or: [{ source: ['aws.ec2'] }, { detail: { object: { size: [1024] } } }] }, true],
  ['$or beside other fields', { source: ['aws.ec2'], $or: [{ source: ['aws.s3'] }, { source: ['aws.ec2'] }] }, false],
  ['an element of an array', { detail: { object: { tags: ['en'] } } }, true],
  ['one element of an array of objects fits wholly', { detail: { parts: { n: [2], ok: [true] } } }, true],
  ['not two halves of two elements', { detail: { parts: { n: [1], ok: [true] } } }, false],
])('pattern: %s', (_name, pattern, expected) => {
  expect(compilePattern(pattern)(upload)).toBe(expected);
});

test.each([
  [{ detail: { ip: [{ cidr: '10.0.0.0/8' }] } }, '.detail.ip: the operator "cidr" is not supported'],
  [{ source: 'aws.s3' }, '.source: must be an object'],
  [{ source: [] }, '.source: empty arrays'],
  [{ detail: { size: [{ numeric: ['~', 1] }] } }, '.detail.size: numeric compares'],
  [{ detail: { size: [{ 'anything-but': { numeric: ['>', 1] } }] } }, 'anything-but does not take the operator "numeric"'],
])('a pattern that cannot be understood is refused by name: %j', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(message);
});
