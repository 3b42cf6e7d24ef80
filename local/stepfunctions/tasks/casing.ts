import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Members } from '../../gateway/service.ts';
import { isList, isObject, type Json } from '../json.ts';

/** Names as states write them (`TaskDefinition`) to names as some services' models have them (`taskDefinition`). */
export function toCamelCase(value: Json): Json {
  return renamed(value, (name) => name.charAt(0).toLowerCase() + name.slice(1));
}

/** The way back. */
export function toPascalCase(value: Json): Json {
  return renamed(value, (name) => name.charAt(0).toUpperCase() + name.slice(1));
}

/** A service's answer as JSON: streams are read, times become ISO 8601 or, for `timesAs` number, epoch milliseconds. */
export async function toJson(answer: Members, timesAs: 'text' | 'number' = 'text'): Promise<Json> {
  const streams = Object.entries(answer).filter(([, value]) => value instanceof Readable);
  const read: Members = { ...answer };
  for (const [name, stream] of streams) read[name] = await text(stream);
  const copy = JSON.stringify(read, function replace(this: Members, key: string, value: unknown) {
    const original: unknown = this[key];
    if (original instanceof Date) return timesAs === 'number' ? original.getTime() : original.toISOString();
    return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value;
  });
  return JSON.parse(copy);
}

function renamed(value: Json, rename: (name: string) => string): Json {
  if (isList(value)) return value.map((element) => renamed(element, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), renamed(member, rename)]));
}
