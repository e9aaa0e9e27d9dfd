import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/program.ts';

/** docs/faults.md says which test provokes what: the tests it names are there, and no suite of faults is left out. */

const document = readFileSync(join(ROOT, 'docs/faults.md'), 'utf8');
const rows = document.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| what '));
const references = rows.flatMap((row) =>
  (row.split(' | ').at(-1) ?? '').split('; ').map((group) => {
    const [, suite = '', names = ''] = /^`([^`]+)`: (.*?)(?: \|)?$/.exec(group) ?? [];
    return {
      row,
      suite,
      names: [...names.matchAll(/``(.+?)``|`(.+?)`/g)].map(([, one, other]) => (one ?? other ?? '').trim()),
    };
  }),
);

describe('docs/faults.md', () => {
  it('has a test for each row', () => {
    expect(rows.length).toBeGreaterThan(200);
    for (const { row, suite, names } of references) {
      expect(names.length, row).toBeGreaterThan(0);
      const file = join(ROOT, 'test', `${suite}.${suite.startsWith('e2e/') ? 'e2e' : 'test'}.ts`);
      expect(existsSync(file), `${suite} of ${row}`).toBe(true);
      const titles = [
        ...readFileSync(file, 'utf8').matchAll(
          /(?:\b(?:it|test|describe)\b[^\n]*?|\]\)|^\s+\[?)\(?\s*(['"`])((?:\\.|(?!\1).)+)\1,/gm,
        ),
      ].map(([, , title]) => title);
      for (const name of names)
        expect(
          titles.some((title) => title?.includes(name)),
          `${suite}: ${name}`,
        ).toBe(true);
    }
  });

  it('names every suite of faults', () => {
    const suites = readdirSync(join(ROOT, 'test/faults')).flatMap((file) => /^(.+)\.test\.ts$/.exec(file)?.[1] ?? []);
    for (const suite of suites) if (suite !== 'document') expect(document).toContain(`\`faults/${suite}\``);
  });
});
