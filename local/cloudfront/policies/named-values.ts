/** Which of a request's headers, cookies or query strings a policy means. */
export type NamedValues =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | { readonly kind: 'these'; readonly names: readonly string[] }
  | { readonly kind: 'allBut'; readonly names: readonly string[] };

/** None of them. */
export const NONE: NamedValues = { kind: 'none' };
/** All of them. */
export const ALL: NamedValues = { kind: 'all' };

/**
 * Reads a policy's behaviour word, such as `whitelist`, with its list of names.
 * @throws Error for a word that CloudFront does not have
 */
export function namedValues(where: string, behaviour: string, names: readonly string[] | undefined): NamedValues {
  switch (behaviour) {
    case 'none':
      return NONE;
    case 'all':
    case 'allViewer':
      return ALL;
    case 'whitelist':
      return { kind: 'these', names: names ?? [] };
    case 'allExcept':
      return { kind: 'allBut', names: names ?? [] };
    default:
      throw new Error(`${where}: unknown behaviour '${behaviour}'; allowed are none, all, whitelist, allExcept`);
  }
}

/** Whether a policy means the value of this name. Header names are given in lower case. */
export function means(values: NamedValues, name: string, caseless = false): boolean {
  if (values.kind === 'none') return false;
  if (values.kind === 'all') return true;
  const listed = values.names.some((each) => (caseless ? each.toLowerCase() === name : each === name));
  return values.kind === 'these' ? listed : !listed;
}
