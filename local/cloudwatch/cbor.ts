import { AwsError } from '../gateway/aws-error.ts';

// Major types of RFC 8949.
const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const TAG = 6;
const SIMPLE = 7;
const EPOCH_SECONDS = 1;
const INDEFINITE = 31;
const BREAK = 0xff;

/** Writes a value as CBOR: text, numbers, booleans, null, dates (tag 1), bytes, arrays, and objects without their undefined members. */
export function encodeCbor(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.of(0xf6);
  if (typeof value === 'boolean') return Buffer.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string') return Buffer.concat([head(TEXT, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Date) return Buffer.concat([head(TAG, EPOCH_SECONDS), encodeNumber(value.getTime() / 1000)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(BYTES, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(ARRAY, value.length), ...value.map(encodeCbor)]);
  if (typeof value !== 'object') throw new Error(`a ${typeof value} cannot be written as CBOR`);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Buffer.concat([head(MAP, members.length), ...members.flatMap(([name, member]) => [encodeCbor(name), encodeCbor(member)])]);
}

function encodeNumber(value: number): Buffer {
  if (Number.isInteger(value) && Math.abs(value) <= 0xffff_ffff) return value >= 0 ? head(UNSIGNED, value) : head(NEGATIVE, -1 - value);
  const double = Buffer.alloc(9);
  double[0] = 0xfb;
  double.writeDoubleBE(value, 1);
  return double;
}

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.of((major << 5) | argument);
  const size = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : 4;
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = (major << 5) | (24 + Math.log2(size));
  bytes.writeUIntBE(argument, 1, size);
  return bytes;
}

/** Reads one CBOR value. @throws AwsError SerializationException when it is cut off, nested too deep or of a kind that requests do not use */
export function decodeCbor(bytes: Buffer): unknown {
  try {
    return new CborReader(bytes).value(0);
  } catch (error) {
    throw new AwsError('SerializationException', `the request body is not CBOR: ${error instanceof Error ? error.message : String(error)}`);
  }
}

// Inputs of CloudWatch are a few levels deep; more is an attack on the stack.
const DEEPEST = 32;

class CborReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(depth: number): unknown {
    if (depth > DEEPEST) throw new Error(`nested more than ${DEEPEST} levels deep`);
    const first = this.#bytes.readUInt8(this.#at);
    this.#at += 1;
    const [major, info] = [first >> 5, first & 31];
    if (major === SIMPLE) return this.#simple(info);
    if (major === ARRAY) return [...this.#items(info, () => this.value(depth + 1))];
    if (major === MAP) {
      return Object.fromEntries(this.#items(info, () => [String(this.value(depth + 1)), this.value(depth + 1)] as const));
    }
    if (info === INDEFINITE) throw new Error('strings of indefinite length are not supported');
    const argument = this.#argument(info);
    if (major === UNSIGNED) return argument;
    if (major === NEGATIVE) return -1 - argument;
    if (major === TAG) {
      const tagged = this.value(depth + 1);
      return argument === EPOCH_SECONDS ? new Date(Number(tagged) * 1000) : tagged;
    }
    if (this.#at + argument > this.#bytes.length) throw new Error('it is cut off');
    const content = this.#bytes.subarray(this.#at, (this.#at += argument));
    return major === TEXT ? content.toString('utf8') : content;
  }

  *#items<Item>(info: number, read: () => Item): Generator<Item> {
    const length = info === INDEFINITE ? Infinity : this.#argument(info);
    for (let index = 0; index < length; index += 1) {
      if (info === INDEFINITE && this.#bytes.readUInt8(this.#at) === BREAK) {
        this.#at += 1;
        return;
      }
      yield read();
    }
  }

  #argument(info: number): number {
    if (info < 24) return info;
    const size = 2 ** (info - 24);
    if (info > 27) throw new Error(`the length ${info} is reserved`);
    const at = this.#at;
    this.#at += size;
    return size === 8 ? Number(this.#bytes.readBigUInt64BE(at)) : this.#bytes.readUIntBE(at, size);
  }

  #simple(info: number): unknown {
    const at = this.#at;
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return undefined;
    if (info === 26) {
      this.#at += 4;
      return this.#bytes.readFloatBE(at);
    }
    if (info === 27) {
      this.#at += 8;
      return this.#bytes.readDoubleBE(at);
    }
    throw new Error(`the simple value ${info} is not supported`);
  }
}
