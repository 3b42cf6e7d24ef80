/**
 * A test for CloudFront's path patterns: `*` stands for any characters, slashes included, `?` for exactly one, the rest
 * for itself in its own case. A leading slash is optional.
 */
export function pathPattern(pattern: string): (path: string) => boolean {
  const source = pattern
    .replace(/^\//, '')
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^/${source}$`, 's');
  return (path) => expression.test(path);
}
