import { describe, expect, it } from 'vitest';
import { migrateSides } from '../../engine/core/merge/migrate-sides.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import type { Migration } from '../../engine/core/template/migration.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { textAfter, told, upgradeSmall } from '../support/small-upgrade.ts';

type Sides = Pick<Parameters<typeof upgradeSmall>[0], 'old' | 'next' | 'team'>;

/** Upgrades a service by a migration of 2.0.0. */
const migrate = (migration: Omit<Migration, 'version'>, sides: Sides) =>
  upgradeSmall({ ...sides, presetNext: { migrations: [{ version: '2.0.0', ...migration }] } });

const NODE = { key: ['engines', 'node'], value: '>=24' };

describe('a key that a migration sets', () => {
  it.each([
    ['tool.json', '{\n  "engines": { "node": ">=18" }\n}\n'],
    ['tool.yaml', 'engines:\n  node: ">=18" # ours\n'],
    ['tool.json', '{}\n'],
    ['tool.json', '{ no JSON'],
    ['tool.ts', 'engines\n'],
  ])('is left alone in a file of the team, and the run says what was wanted (%s %j)', async (path, text) => {
    const upgraded = await migrate({ set: [{ file: path, ...NODE }] }, { team: { [path]: text } });
    expect(textAfter(upgraded, path)).toBe(text);
    const { outcome, note, attention } = told(upgraded, path) ?? {};
    expect(outcome).toBe('kept');
    expect(note).toBe('it is yours; the standard sets engines.node to ">=24"');
    expect(attention).toBe(`${path} is your own file; the standard sets engines.node to ">=24" in it`);
    expect(upgraded.exit).toBe(4);
  });

  it('is no news where the file of the team has that value', async () => {
    const upgraded = await migrate(
      { set: [{ file: 'tool.json', ...NODE }] },
      { team: { 'tool.json': '{"engines": {"node": ">=24"}}' } },
    );
    expect([told(upgraded, 'tool.json'), upgraded.exit]).toEqual([undefined, 0]);
  });

  it('is a conflict where the team added that key to a file of the standard', async () => {
    const file = '{\n  "name": "a"\n}\n';
    const team = '{\n  "name": "a",\n  "engines": { "node": ">=18" }\n}\n';
    const upgraded = await migrate(
      { set: [{ file: 'tool.json', ...NODE }] },
      { old: { 'tool.json': file }, next: { 'tool.json': file }, team: { 'tool.json': team } },
    );
    expect(told(upgraded, 'tool.json')?.outcome).toBe('conflict');
    expect(textAfter(upgraded, 'tool.json')).toContain('"node": ">=18"');
  });

  it.each([
    ['tool.json', '{\n  "name": "a"\n}\n', '{\n  "name": "a",\n  "engines": {\n    "node": ">=24"\n  }\n}\n'],
    ['tool.yaml', 'name: a\nlist: [a, b]\n', 'name: a\nlist: [a, b]\nengines:\n  node: ">=24"\n'],
  ])('gets the maps around it that are missing, and nothing else changes (%s)', async (path, text, expected) => {
    const files = { [path]: text };
    const upgraded = await migrate({ set: [{ file: path, ...NODE }] }, { old: files, next: files, team: files });
    expect([textAfter(upgraded, path), upgraded.exit]).toEqual([expected, 0]);
  });

  it.each([
    ['tool.json', '{ "engines": "20" }\n', 'engines has no keys'],
    ['tool.json', '{ "engines": ["20"] }\n', 'engines has no keys'],
    ['tool.json', '["20"]\n', 'it has no keys'],
    ['tool.yaml', 'engines: 20\n', 'engines has no keys'],
    ['tool.yaml', 'a: &a {}\nengines: *a\n', 'engines has no keys'],
    ['tool.yaml', 'a: 1\n---\nb: 1\n', 'it cannot be parsed, or has several documents'],
    ['tool.ts', 'engines\n', 'it is neither JSON nor YAML'],
  ])('and that has no place in %s (%j) is a fault of the preset, with the reason', async (path, text, reason) => {
    const files = { [path]: text };
    await expect(
      migrate({ set: [{ file: path, ...NODE }] }, { old: files, next: files, team: files }),
    ).rejects.toMatchObject({
      code: 'TEMPLATE_BROKEN',
      message: expect.stringContaining(`the migration to 2.0.0 cannot set engines.node in ${path}: ${reason}`),
    });
  });

  it('is named where the team keeps its own version of a seeded file', async () => {
    const [files, team] = [{ 'tool.json': '{}\n' }, { 'tool.json': '{ "mine": 1 }\n' }];
    const upgraded = await upgradeSmall({
      old: files,
      next: files,
      team,
      preset: { ownership: [['*.json', 'seeded']] },
      presetNext: { migrations: [{ version: '2.0.0', set: [{ file: 'tool.json', ...NODE }] }] },
    });
    expect(textAfter(upgraded, 'tool.json')).toBe(team['tool.json']);
    expect(told(upgraded, 'tool.json')?.note).toBe(
      'seeded once; it is yours; the standard sets engines.node to ">=24"',
    );
  });

  it('does not bring back a file that the new version removes', async () => {
    const files = { 'tool.json': '{}\n' };
    const upgraded = await migrate({ set: [{ file: 'tool.json', ...NODE }] }, { old: files, team: files });
    expect([textAfter(upgraded, 'tool.json'), told(upgraded, 'tool.json')?.outcome]).toEqual([undefined, 'removed']);
  });

  it('does not replace a newer value that the new version writes itself', async () => {
    const files = (node: string) => ({ 'tool.json': `{\n  "engines": { "node": "${node}" }\n}\n` });
    const [old, next] = [files('>=20'), files('>=26')];
    const upgraded = await migrate({ set: [{ file: 'tool.json', ...NODE }] }, { old, next, team: old });
    expect(textAfter(upgraded, 'tool.json')).toBe(next['tool.json']);
  });
});

describe('a file that a migration deletes or moves', () => {
  it('stays if it is the own file of the team, and the run says so', async () => {
    const team = { 'a.md': 'ours\n', 'b.md': 'ours\n' };
    const upgraded = await migrate({ delete: ['a.md'], move: { 'b.md': 'docs/b.md' } }, { team });
    expect([textAfter(upgraded, 'a.md'), textAfter(upgraded, 'b.md')]).toEqual(['ours\n', 'ours\n']);
    expect(['a.md', 'b.md'].map((path) => told(upgraded, path))).toEqual([
      { path: 'a.md', outcome: 'kept', note: 'it is yours; the standard deletes it' },
      { path: 'b.md', outcome: 'kept', note: 'it is yours; the standard moves it to docs/b.md' },
    ]);
    expect(upgraded.exit).toBe(0);
  });

  it('is a conflict if the team edited a file of the standard', async () => {
    const upgraded = await migrate({ delete: ['a.md'] }, { old: { 'a.md': 'a\n' }, team: { 'a.md': 'a\nours\n' } });
    expect([told(upgraded, 'a.md')?.outcome, upgraded.exit]).toEqual(['conflict', 4]);
  });

  it('stays if the new version writes it again', async () => {
    const files = { 'a.md': 'a\n' };
    const upgraded = await migrate({ delete: ['a.md'] }, { old: files, next: files, team: files });
    expect(textAfter(upgraded, 'a.md')).toBe('a\n');
  });
});

describe('a file that an addition made', () => {
  const path = parseRepoPath('task.json');
  const migration = { version: '2.0.0', set: [{ file: path, key: ['retries'], value: 3 }] };
  const sidesOf = (text: string) => {
    const ours = new Map([[path, { mode: 0o644, content: Buffer.from(text) } as const]]);
    const recorded = () => ({ hash: hashContent('{}\n'), owner: 'seeded' }) as const;
    return migrateSides({ base: new Map(), theirs: new Map(), ours }, [migration], recorded);
  };

  it.each(['{}\n', '{}\r\n'])('gets the key if nobody edited it (%j)', async (text) => {
    const { theirs, left } = await sidesOf(text);
    expect(JSON.parse(Buffer.from(theirs.get(path)?.content ?? []).toString())).toEqual({ retries: 3 });
    expect([theirs.get(path)?.owner, left]).toEqual(['seeded', []]);
  });

  it('is left alone if somebody did', async () => {
    const { theirs, left } = await sidesOf('{ "mine": true }\n');
    expect([theirs.size, left.map((file) => file.note)]).toEqual([0, ['it is yours; the standard sets retries to 3']]);
  });
});
