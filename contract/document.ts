import type { Rule } from './rule.ts';

const BEGIN = '<!-- rules: written by `npx tsx contract/write-document.ts` from contract/rules -->';
const END = '<!-- end of rules -->';

/** The rules as Markdown: a table, then a section for each. */
function renderRules(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, level, statement }) => `| [${id}](#${id.toLowerCase()}) | ${level} | ${statement} |`);
  const sections = rules.map(({ id, level, factor, statement, why, mend }) =>
    [`### ${id}`, `${factor} · ${level}`, statement, `*Why:* ${why}`, `*How to keep it:* ${mend}`].join('\n\n'),
  );
  return [['| id | level | rule |', '|---|---|---|', ...rows].join('\n'), ...sections].join('\n\n');
}

/**
 * The document with its rules written anew; the rest is kept.
 * @throws when the document has lost its marks
 */
export function writeRules(document: string, rules: readonly Rule[]): string {
  const [before, after] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (before === -1 || after === -1) throw new Error('the document has no marks for its rules');
  return `${document.slice(0, before)}${BEGIN}\n\n${renderRules(rules)}\n\n${document.slice(after)}`;
}
