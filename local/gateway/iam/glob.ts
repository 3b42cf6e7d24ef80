/** IAM's wildcards: `*` is any text, `?` any one character. */
export function glob(pattern: string, flags: '' | 'i' = ''): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, `s${flags}`);
}
