/** The pairs of a query (`a=1&b`) or a cookie header (`a=1; b=2`), in their order and as they are encoded. */
export function pairs(text: string, separator: '&' | ';'): [string, string][] {
  return text.split(separator).flatMap((pair): [string, string][] => {
    const [name = '', ...rest] = pair.trim().split('=');
    return name === '' ? [] : [[name, rest.join('=')]];
  });
}
