import { XMLParser } from 'fast-xml-parser';
import { AwsError } from '../../gateway/aws-error.ts';
import type { Members } from '../../gateway/service.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

// Keys may begin or end with spaces and may look like numbers: text stays as it is. Numeric entities stand for control characters.
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  htmlEntities: true,
  isArray: (name) => name === 'Part',
});

/** Parses a request document and gives what is inside its root element. @throws AwsError MalformedXML */
export function parseXml(body: Buffer, root: string): Members {
  try {
    const parsed = (parser.parse(body.toString('utf8'), true) as Members)[root] as unknown;
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Answered below.
  }
  throw new AwsError(
    'MalformedXML',
    `The XML you provided was not well-formed or did not validate against our published schema: no ${root}`,
  );
}

/** Writes an answer: members become elements of the same name, lists repeat their element. */
export function xmlDocument(root: string, members: Members): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${elements(members)}</${root}>`;
}

/** An error as S3 writes it, without a namespace. */
export function xmlError(members: Members): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements(members)}</Error>`;
}

function elements(members: Members): string {
  return Object.entries(members)
    .flatMap(([name, value]: [string, unknown]) => {
      if (value === undefined) return [];
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return values.map((one) => `<${name}>${content(one)}</${name}>`);
    })
    .join('');
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) return elements(value);
  return escape(String(value));
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\p{Cc}\u2028]/gu, (character) => `&#x${character.codePointAt(0)?.toString(16) ?? ''};`);
}
