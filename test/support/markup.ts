/** Names of tags that are not closed or not opened. */
export function unbalanced(markup: string, empty: readonly string[] = []): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, tag = '', end] of markup.matchAll(/<(\/?)([a-z0-9-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (empty.includes(tag) || end === '/') continue;
    if (slash === '') open.push(tag);
    else if (open.pop() !== tag) wrong.push(tag);
  }
  return [...wrong, ...open];
}
