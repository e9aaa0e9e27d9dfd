import { PROFILES, type Profile } from './profile.ts';
import { levelOf, type Rule } from './rule.ts';

const BEGIN = '<!-- rules: written by `npx tsx contract/write-document.ts` from contract/rules -->';
const END = '<!-- end of rules -->';

/** What each profile is for, in a sentence. */
const ABOUT: Readonly<Record<Profile, string>> = {
  'twelve-factor': 'How a service behaves, whatever its names are. Strangers are held to it if nothing else is said.',
  kubernetes: 'What an orchestrator asks for beyond that.',
  house: 'The names of this contract, which dashboards, alerts and pipelines of many services can share.',
};

/** The rules as Markdown: a table for each profile with what it asks for beyond those before it, then a section for each rule. */
function renderRules(rules: readonly Rule[]): string {
  const tables = PROFILES.map((profile) => {
    const rows = rules.flatMap((rule) => {
      const text = rule.promises[profile];
      return text === undefined
        ? []
        : [`| [${rule.id}](#${rule.id.toLowerCase()}) | ${levelOf(rule, profile)} | ${text} |`];
    });
    return [
      `### Profile \`${profile}\``,
      ABOUT[profile],
      ['| id | level | rule |', '|---|---|---|', ...rows].join('\n'),
    ];
  });
  return [...tables.flat(), ...rules.flatMap(section)].join('\n\n');
}

function section(rule: Rule): string[] {
  const { id, level, mustFrom, factor, promises, why, mend } = rule;
  const from = mustFrom === undefined ? '' : ` from \`${mustFrom}\` on, advice before`;
  const parts = PROFILES.flatMap((profile) => {
    const text = promises[profile];
    return text === undefined ? [] : [`\`${profile}\`: ${text}`];
  });
  return [`### ${id}`, `${factor} · ${level}${from}`, ...parts, `*Why:* ${why}`, `*How to keep it:* ${mend}`];
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
