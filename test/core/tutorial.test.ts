import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/program.ts';
import { changed, isAsShown, sectionsOf } from '../support/tutorial.ts';

const folder = join(ROOT, 'docs/tutorials');

describe('a tutorial', () => {
  it.each(readdirSync(folder))('%s has nothing but commands, files and changes', (name) => {
    const sections = sectionsOf(readFileSync(join(folder, name), 'utf8'));
    const kinds = sections.flatMap(({ steps }) => steps.map(({ kind }) => kind));
    expect([...new Set(kinds)].sort()).toEqual(['change', 'command', 'write']);
  });

  it('is read in its order', () => {
    const text =
      '# T\n\n## A\n\n```console\n$ a\nb\nc\n$ d\n```\n\nNot `x`. Write\n`f/*.sql`:\n\n```sql\nselect 1;\n```\n\n## B\n\nNo code.\n\n## C\n\nChange `g`:\n\n```diff\n-a\n```\n';
    expect(sectionsOf(text)).toEqual([
      {
        title: 'A',
        steps: [
          { kind: 'command', command: 'a', shown: 'b\nc\n' },
          { kind: 'command', command: 'd', shown: '' },
          { kind: 'write', path: 'f/*.sql', text: 'select 1;\n' },
        ],
      },
      { title: 'C', steps: [{ kind: 'change', path: 'g', text: '-a\n' }] },
    ]);
  });

  it.each(['```sh\nls\n```', '```console\nls\n```', 'Write `f`:\n\n```diff\n-a\n```', 'Change `f`:\n\n```sql\na\n```'])(
    'has no block that nobody tries: %j',
    (block) => expect(() => sectionsOf(`## A\n\n${block}\n`)).toThrow(),
  );

  it.each([
    ['a\n', 'a', true],
    ['a\n', 'a\nb', false],
    ['a\n...\n', 'a\nb\nc', true],
    ['a\n...\n', 'a', true],
    ['a\n  ...\n', 'a\nb', true],
    ['...\nc\n', 'a\nb\nc\n', true],
    ['{"time":"...","a":1}\n', '{"time":"12:00","a":1}', true],
    ['{"time":"...","a":1}\n', '{"time":"12:00","b":1}', false],
    ['a...c\n', 'a\nc', false],
    ['1 time(s).\n', '2 time(s).', false],
  ])('that shows %j is compared with %j', (shown, came, expected) => {
    expect(isAsShown(shown, came)).toBe(expected);
  });

  it('changes what is in one place', () => {
    expect(changed('a\nb\nc\nd\n', '+x\n a\n...\n-c\n+C\n+$&\n')).toBe('x\na\nb\nC\n$&\nd\n');
    expect(() => changed('a\n', '-b\n')).toThrow('in 0 places');
    expect(() => changed('a\na\n', '-a\n')).toThrow('in 2 places');
  });
});
