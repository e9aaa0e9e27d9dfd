import { lostLines } from './lost-lines.ts';

/** Comments by the kind of file. Texts in quotes are removed before these match. */
const COMMENTS = { json: /\/\/.*|\/\*[\s\S]*?\*\//g, yaml: /(?<=^|\s)#.*/gm } as const;

/**
 * Comments that the template added or changed, and that are missing in a text merged by key. Keys do not carry
 * comments.
 * @param base the common version of both sides
 */
export function lostComments(kind: keyof typeof COMMENTS, base: string, theirs: string, merged: string): string[] {
  const [before, next, after] = [base, theirs, merged].map((text) =>
    (text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').match(COMMENTS[kind]) ?? []).join('\n'),
  ) as [string, string, string];
  return lostLines(before, next, after);
}
