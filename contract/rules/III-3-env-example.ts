import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

export const rule: Rule = {
  id: 'III-3',
  level: 'MUST',
  factor: 'III. Config',
  promises: { house: 'The names in `.env.example` are the names in `config --schema`.' },
  why: 'A variable that is not documented is discovered by the person on call.',
  mend: 'Generate .env.example from the schema and hold the two together with a test.',
  byHand: ["$PROGRAM config --schema | jq -r '.properties | keys[]'; grep -oE '^#? ?[A-Z0-9_]+=' .env.example"],
  applies: (subject) => all(subject.hasFolder(), subject.takesVerbs()),
  async check(harness) {
    const file = join(harness.subject.target.folder ?? '', '.env.example');
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const documented = [...text.matchAll(/^\s*#?\s*([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name);
    const known = harness.subject.variables.map(({ name }) => name);
    const only = (some: readonly string[], others: readonly string[]) => some.filter((name) => !others.includes(name));
    const difference = [
      ...only(documented, known).map((name) => `${name} is not in the schema`),
      ...only(known, documented).map((name) => `${name} is not in .env.example`),
    ];
    harness.saw({
      sent: 'read .env.example, run config --schema',
      expected: `the same ${known.length} names, at least one`,
      got: difference.join(', ') || `${documented.length} names in both`,
      ok: difference.length === 0 && known.length > 0,
    });
    return harness.evidence;
  },
};
