/**
 * Checks that a template uses only properties which the local cloud acts on or may ignore without changing an answer.
 * @throws Error naming the first property that is not in `known`
 */
export function refuseUnknownProperties(where: string, properties: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  for (const name of Object.keys(properties)) {
    if (!known.includes(name))
      throw new Error(`${where}: the local cloud does not know the property ${name}; it knows ${known.join(', ')}`);
  }
}
