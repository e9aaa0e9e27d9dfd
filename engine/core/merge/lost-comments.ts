import { lostLines } from './lost-lines.ts';

/** What opens a comment, by the kind of file; texts in quotes are taken out first. */
const COMMENTS = { json: /\/\/.*|\/\*[\s\S]*?\*\//g, yaml: /(?<=^|\s)#.*/gm } as const;

/**
 * Comments that the template added, or changed, and that a text which was merged by key lacks: keys do not carry them.
 * @param base what both sides started from
 */
export function lostComments(kind: keyof typeof COMMENTS, base: string, theirs: string, merged: string): string[] {
  const [before, next, after] = [base, theirs, merged].map((text) =>
    (text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').match(COMMENTS[kind]) ?? []).join('\n'),
  ) as [string, string, string];
  return lostLines(before, next, after);
}
