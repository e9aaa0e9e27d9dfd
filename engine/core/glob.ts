/**
 * Whether a path matches a glob: `**` crosses folders, `*` does not. Globs of presets are not trusted, so the time is
 * at most proportional to the product of both lengths.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const tokens = glob.match(/\*\*\/|\*\*|\*|[^*]+/g) ?? [];
  // Every place of the path at which the tokens so far can end.
  let ends: readonly boolean[] = [true];
  for (const token of tokens)
    ends = token.startsWith('*') ? afterStars(token, path, ends) : afterText(token, path, ends);
  return ends[path.length] === true;
}

function afterText(text: string, path: string, ends: readonly boolean[]): boolean[] {
  const after: boolean[] = [];
  for (const [at, isEnd] of ends.entries()) if (isEnd && path.startsWith(text, at)) after[at + text.length] = true;
  return after;
}

function afterStars(stars: string, path: string, ends: readonly boolean[]): boolean[] {
  const after: boolean[] = [];
  let isOpen = false;
  for (let at = 0; at <= path.length; at += 1) {
    if (stars === '*' && path[at - 1] === '/') isOpen = false;
    const isHere = ends[at] === true;
    after[at] = isHere || (isOpen && (stars !== '**/' || path[at - 1] === '/'));
    isOpen ||= isHere;
  }
  return after;
}
