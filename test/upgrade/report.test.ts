import { describe, expect, it } from 'vitest';
import { summaryMarkdown, upgradeJson, upgradeText } from '../../report/upgrade.ts';
import type { Upgraded } from '../support/merging.ts';
import { upgradeSmall } from '../support/small-upgrade.ts';

type Files = Readonly<Record<string, string>>;

/** The three reports of an upgrade. */
function reportsOf({ files, notes }: Pick<Upgraded, 'files' | 'notes'>, more: object = {}) {
  const outcome = {
    target: '/orders',
    service: 'orders',
    versions: [{ name: 'acme', from: '1.0.0', to: '2.0.0' }],
    standard: 'acme 2.0.0',
    files,
    // The manifest changes in every upgrade.
    plan: { changes: [{ kind: 'delete', path: '.x', before: { content: Buffer.of(), mode: 0o644 } }], notes, next: [] },
    conflicts: [],
    attention: files.flatMap(({ attention }) => attention ?? []),
    questions: [],
    applied: true,
    recovered: [],
    ...more,
  } as unknown as Parameters<typeof upgradeText>[0];
  return {
    text: upgradeText(outcome, '/'),
    markdown: summaryMarkdown(outcome),
    json: upgradeJson(outcome) as { files: { path: string; outcome: string; note?: string }[]; notes: string[] },
  };
}

const numbered = (folder: string, number: number, text: string): Files =>
  Object.fromEntries(Array.from({ length: number }, (_, at) => [`${folder}/${at}.md`, `${text} ${at}\n`]));

describe('the reports of an upgrade', () => {
  it('show a folder that the team deleted as one line, and count what did not change', async () => {
    const [old, next] = [
      { ...numbered('docs/a', 30, 'a'), ...numbered('docs/b', 23, 'b'), ...numbered('kept', 2, 'c'), 'one.md': '1\n' },
      {
        ...numbered('docs/a', 30, 'a 2'),
        ...numbered('docs/b', 23, 'b'),
        ...numbered('kept', 2, 'c'),
        'one.md': '2\n',
      },
    ];
    const { text, markdown, json } = reportsOf(await upgradeSmall({ old, next, team: numbered('kept', 2, 'c') }));
    expect(text.split('\n').slice(1, 5)).toEqual([
      '  deleted by you docs/ (30 files; the template changed them)',
      '  deleted by you one.md (the template changed it)',
      '  23 files that you deleted did not change in the template',
      'In orders: 31 deleted by you.',
    ]);
    expect(markdown).toContain(
      '### Deleted by you (31)\n\n- `docs/`: 30 files; the template changed them\n- `one.md`: the template changed it\n',
    );
    expect(markdown).toContain('- 23 files that you deleted did not change in the template');
    expect(json.files.filter(({ note }) => note === 'the template changed it').length).toBe(31);
  });

  it('show many deleted files of a folder as one line, although others are left', async () => {
    const [old, next] = [numbered('docs', 9, 'a'), numbered('docs', 9, 'b')];
    const { text } = reportsOf(await upgradeSmall({ old, next, team: { 'docs/3.md': 'a 3\n' } }));
    expect(text).toContain('deleted by you docs/ (8 files; the template changed them)');
  });

  it('name a folder that moved instead of its files', async () => {
    const [old, next] = [numbered('src', 53, 'a'), { ...numbered('src', 53, 'a'), 'src/1.md': 'b\n' }];
    const { text, markdown, json } = reportsOf(await upgradeSmall({ old, next, team: numbered('app/src', 53, 'a') }));
    const note = 'you moved src/ to app/src/ (53 files): changes of the template go there';
    expect([text, markdown, ...json.notes].filter((report) => report.includes(note)).length).toBe(3);
    expect(text).not.toContain('deleted by you');
    expect(markdown).not.toContain('Deleted by you');
  });

  it('name a key that the team deleted, a group that is held back, and what a migration wanted', async () => {
    const { text, markdown, json } = reportsOf(
      await upgradeSmall({
        old: { 'a.json': '{ "a": 1 }\n', 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' },
        next: { 'a.json': '{ "a": 2 }\n', 'src/a.ts': 'a2\n', 'src/b.ts': 'b2\n' },
        team: { 'a.json': '{}\n', 'src/a.ts': 'ours\n', 'src/b.ts': 'b\n', 'own.json': '{}\n' },
        preset: { ownership: [['src/**', 'seeded']] },
        presetNext: { migrations: [{ version: '2.0.0', set: [{ file: 'own.json', key: ['b'], value: 3 }] }] },
      }),
    );
    const notes = [
      ['a.json', 'you deleted a; the template changed it'],
      ['src/b.ts', 'you edited src/a.ts, which belongs with it'],
      ['own.json', 'it is yours; the standard sets b to 3'],
    ];
    for (const [path, note] of notes) {
      expect(text).toContain(`  kept           ${path} (${note})`);
      expect(markdown).toContain(`- \`${path}\`: ${note}`);
      expect(json.files).toContainEqual({ path, outcome: 'kept', note });
    }
    expect(text).toContain('Look:       own.json is your own file; the standard sets b to 3 in it');
    expect(markdown).toContain('- [ ] own.json is your own file; the standard sets b to 3 in it');
  });

  it('name each path with a conflict, and what is to be done about it', () => {
    const { markdown } = reportsOf({ files: [], notes: [] }, { conflicts: ['a.md', 'docs.twelve-theirs/b.md'] });
    expect(markdown).toContain('- [ ] `a.md`: resolve the markers\n- [ ] `docs.twelve-theirs/b.md`: take over');
  });

  it('say what is removed and what is upgraded', () => {
    const removed = { name: '@rv/two', from: '1.0.0' };
    const both = { versions: [removed, { name: '@rv/nine', from: '1.0.0', to: '1.2.0' }] };
    const title = (more: object) => reportsOf({ files: [], notes: [] }, more).markdown.split('\n')[0];
    expect(title(both)).toBe('Remove @rv/two, upgrade @rv/nine to 1.2.0');
    expect(title({ versions: [removed] })).toBe('Remove @rv/two');
    expect(title({})).toBe('Upgrade acme to 2.0.0');
  });
});
