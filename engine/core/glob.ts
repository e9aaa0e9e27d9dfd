/**
 * Whether a path matches a glob: `**` crosses folders, `*` does not. Globs of presets are not trusted, so the time is
 * at most proportional to the product of both lengths.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const tokens = glob.match(/\*\*\/|\*\*|\*|[^*]/g) ?? [];
  // Every place of the path at which the tokens so far can end.
  let ends = new Set([0]);
  for (const token of tokens) {
    const next = new Set<number>();
    for (const end of ends) for (const after of step(token, path, end)) next.add(after);
    if (next.size === 0) return false;
    ends = next;
  }
  return ends.has(path.length);
}

function* step(token: string, path: string, start: number): Generator<number> {
  if (!token.startsWith('*')) {
    if (path.startsWith(token, start)) yield start + token.length;
    return;
  }
  yield start;
  for (let at = start; at < path.length; at += 1) {
    if (token === '*' && path[at] === '/') return;
    if (token !== '**/' || path[at] === '/') yield at + 1;
  }
}
