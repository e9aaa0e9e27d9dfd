/**
 * A formatter's changes do not count as edits. If the team only reformatted lines that the template changed, the old
 * layout of these lines is restored before the merge, so that only real edits can conflict. Other lines keep the team's
 * layout.
 * @param path its extension decides what layout is: outside of code, indentation and quotes usually have a meaning
 */
export async function undoFormatting(path: string, base: string, ours: string, theirs: string): Promise<string> {
  const { diffArrays } = await import('diff');
  const meaning = CODE.test(path) ? codeMeaning : textMeaning;
  const [was, own, next] = [base, ours, theirs].map(splitLines) as [string[], string[], string[]];
  const touched = new Set<number>();
  let line = 0;
  for (const { added, removed, count } of diffArrays(was, next)) {
    // The changed lines and the lines next to them: git treats neighbours as one change.
    if (added || removed) for (let at = line - 1; at <= line + (removed ? count : 0); at += 1) touched.add(at);
    if (!added) line += count;
  }
  const result: string[] = [];
  let [from, ourFrom] = [0, 0];
  const take = (count: number, ourCount: number): void => {
    const [old, young] = [was.slice(from, from + count), own.slice(ourFrom, ourFrom + ourCount)];
    const isTouched = old.some((_, index) => touched.has(from + index));
    result.push(...(isTouched && meaning(old) === meaning(young) ? old : young));
    from += count;
    ourFrom += ourCount;
  };
  const runs = diffArrays(
    was.map((text) => meaning([text])),
    own.map((text) => meaning([text])),
  );
  for (let index = 0; index < runs.length; index += 1) {
    const { added, removed, count } = runs[index] ?? { count: 0 };
    if (!added && !removed) for (let at = 0; at < count; at += 1) take(1, 1);
    else if (removed && runs[index + 1]?.added) {
      take(count, runs[index + 1]?.count ?? 0);
      index += 1;
    } else take(removed ? count : 0, added ? count : 0);
  }
  return result.join('');
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Files in which white space between tokens has no meaning. */
const CODE = /\.([cm]?[jt]sx?|jsonc?|css|scss|less|vue|svelte)$/;

const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[\p{L}\p{N}_$]+|\S/gu;

/** The tokens of lines, without what formatters add or remove: semicolons, trailing commas, the kind of quotes. */
function codeMeaning(text: readonly string[]): string {
  const tokens = text.join('').match(TOKEN) ?? [];
  return tokens
    .filter((token, at) => token !== ';' && !(token === ',' && /^[)\]}]?$/.test(tokens[at + 1] ?? '')))
    .map((token) => token.replace(/^['`](?=.)|(?<=.)['`]$/gs, '"'))
    .join(' ');
}

function textMeaning(text: readonly string[]): string {
  return text.map((line) => line.trimEnd()).join('\n');
}
