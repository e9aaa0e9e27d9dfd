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

/** A letter of a glob, stars, or a place from which a number of units may be left out. */
interface Unit {
  readonly letter?: string;
  readonly stars?: string;
  readonly optional?: number;
}

/** Whether there is a path that both globs match, in a time like that of {@link matchesGlob}. */
export function globsMeet(one: string, other: string): boolean {
  const [a, b] = [unitsOf(one), unitsOf(other)];
  const width = b.length + 1;
  /** Whether some text leads to the place `at` of `a` and `to` of `b`: places are only ever left forwards. */
  const isReached = new Uint8Array((a.length + 1) * width);
  isReached[0] = 1;
  for (let at = 0; at <= a.length; at += 1) {
    for (let to = 0; to <= b.length; to += 1) {
      if (isReached[at * width + to] === 0) continue;
      const reach = (down: number, right: number) => {
        isReached[(at + down) * width + to + right] = 1;
      };
      const [mine, yours] = [a[at], b[to]];
      if (mine && mine.letter === undefined) reach(1, 0);
      if (yours && yours.letter === undefined) reach(0, 1);
      if (mine?.optional) reach(1 + mine.optional, 0);
      if (yours?.optional) reach(0, 1 + yours.optional);
      if (mine?.letter !== undefined && mine.letter === yours?.letter) reach(1, 1);
      if (takes(yours, mine?.letter)) reach(1, 0);
      if (takes(mine, yours?.letter)) reach(0, 1);
    }
  }
  return isReached[a.length * width + b.length] === 1;
}

function takes(unit: Unit | undefined, letter: string | undefined): boolean {
  return unit?.stars !== undefined && letter !== undefined && (unit.stars === '**' || letter !== '/');
}

function unitsOf(glob: string): Unit[] {
  return (glob.match(/\*\*\/|\*\*|\*|[^*]/g) ?? []).flatMap((token): Unit[] => {
    if (token === '**/') return [{ optional: 2 }, { stars: '**' }, { letter: '/' }];
    return [token.startsWith('*') ? { stars: token } : { letter: token }];
  });
}
