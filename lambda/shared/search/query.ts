/** More terms than anybody types; each costs a scan of its rows. */
const MOST_TERMS = 32;

/**
 * Turns what a person typed into an FTS5 expression. Nothing of it reaches FTS5 as syntax: words and quoted phrases are
 * picked out and quoted again, joined by OR, because BM25 ranks what has more of the words first. Undefined where there is
 * no word to look for.
 */
export function matchExpression(query: string): string | undefined {
  const terms: string[] = [];
  for (const [, phrase, word] of query.matchAll(/"([^"]*)"|([\p{L}\p{N}\p{M}'’]+)/gu)) {
    // A phrase is kept only where it holds a word, because FTS5 takes an empty phrase for a row that cannot be.
    const term = (phrase ?? word ?? '').replaceAll(/[^\p{L}\p{N}\p{M}'’]+/gu, ' ').trim();
    if (/[\p{L}\p{N}]/u.test(term)) terms.push(`"${term.replaceAll('’', "'")}"`);
  }
  const distinct = [...new Set(terms)].slice(0, MOST_TERMS);
  return distinct.length === 0 ? undefined : distinct.join(' OR ');
}
