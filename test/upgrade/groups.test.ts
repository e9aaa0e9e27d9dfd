import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../engine/core/glob.ts';
import { readTemplateFolder } from '../../engine/io/source/source.ts';
import { textAfter, told, upgradeSmall } from '../support/small-upgrade.ts';

const ROUTES = 'src/features/items/routes.ts';
const TEST = 'src/features/items/routes.test.ts';
const OLD = { [ROUTES]: 'routes 1\n', [TEST]: 'test 1\n', 'src/features/tags/routes.ts': 'tags 1\n' };
const NEXT = { [ROUTES]: 'routes 2\n', [TEST]: 'test 2\n', 'src/features/tags/routes.ts': 'tags 2\n' };
const SEEDED = { ownership: [['src/**', 'seeded']] } as const;

/** Upgrades a service whose files below `src` are seeded. */
const upgrade = (
  team: Readonly<Record<string, string>>,
  old: Readonly<Record<string, string>> = OLD,
  next: Readonly<Record<string, string>> = NEXT,
) => upgradeSmall({ old, next, team, preset: SEEDED });

const seen = (upgraded: Awaited<ReturnType<typeof upgrade>>, paths: readonly string[]) =>
  paths.map((path) => [told(upgraded, path)?.outcome, told(upgraded, path)?.note]);

const BECAUSE = `you edited ${ROUTES}, which belongs with it`;

describe('of the seeded files of a folder', () => {
  it('all are updated if the team edited none', async () => {
    const upgraded = await upgrade(OLD);
    expect(Object.keys(NEXT).map((path) => textAfter(upgraded, path))).toEqual(Object.values(NEXT));
  });

  it('none is updated if the team edited one, and the run says why', async () => {
    const team = { ...OLD, [ROUTES]: 'routes 1\nours\n' };
    const upgraded = await upgrade(team);
    expect([textAfter(upgraded, ROUTES), textAfter(upgraded, TEST)]).toEqual([team[ROUTES], 'test 1\n']);
    expect(seen(upgraded, [ROUTES, TEST])).toEqual([
      ['kept', 'seeded once; it is yours'],
      ['kept', BECAUSE],
    ]);
    expect(upgraded.exit).toBe(0);
    expect(textAfter(upgraded, 'src/features/tags/routes.ts')).toBe('tags 2\n');
  });

  it('none is updated if the team edited one that the template did not change', async () => {
    const next = { ...NEXT, [ROUTES]: OLD[ROUTES] as string };
    const upgraded = await upgrade({ ...OLD, [ROUTES]: 'ours\n' }, OLD, next);
    expect([textAfter(upgraded, TEST), told(upgraded, TEST)?.note]).toEqual(['test 1\n', BECAUSE]);
  });

  it('none is updated if the team deleted one', async () => {
    const { [TEST]: _gone, ...team } = OLD;
    const upgraded = await upgrade(team);
    expect([textAfter(upgraded, ROUTES), textAfter(upgraded, TEST)]).toEqual(['routes 1\n', undefined]);
    expect(seen(upgraded, [ROUTES, TEST])).toEqual([
      ['kept', `you deleted ${TEST}, which belongs with it`],
      ['deleted by you', 'the template changed it'],
    ]);
  });

  it('none is updated if the team renamed one', async () => {
    const { [TEST]: _gone, ...team } = { ...OLD, 'src/features/items/all.test.ts': 'test 1\n' };
    const upgraded = await upgrade(team);
    expect(['src/features/items/all.test.ts', ROUTES].map((path) => textAfter(upgraded, path))).toEqual([
      'test 1\n',
      'routes 1\n',
    ]);
  });

  it('none is removed to make room for another file', async () => {
    const team = { ...OLD, [ROUTES]: 'ours\n' };
    const next = { [ROUTES]: 'routes 2\n', [`${TEST}/deep.md`]: 'new\n' };
    const inside = await upgrade(team, OLD, next);
    expect(seen(inside, [TEST, `${TEST}/deep.md`])).toEqual([
      ['kept', `the template no longer has it; ${BECAUSE}`],
      ['kept', `not created: ${BECAUSE}`],
    ]);
    const preset = { ownership: [['src/features/items/*.ts', 'seeded']] } as const;
    const outside = await upgradeSmall({ old: OLD, next, team, preset });
    expect([textAfter(outside, TEST), textAfter(outside, `${TEST}.twelve-theirs/deep.md`)]).toEqual([
      'test 1\n',
      'new\n',
    ]);
    expect(outside.exit).toBe(4);
  });

  it('a new one is not created, and a removed one stays', async () => {
    const team = { ...OLD, [ROUTES]: 'ours\n' };
    const next = { [ROUTES]: 'routes 2\n', 'src/features/items/store.ts': 'new\n' };
    const upgraded = await upgrade(team, OLD, next);
    expect(['src/features/items/store.ts', TEST].map((path) => textAfter(upgraded, path))).toEqual([
      undefined,
      'test 1\n',
    ]);
    expect(seen(upgraded, ['src/features/items/store.ts', TEST])).toEqual([
      ['kept', `not created: ${BECAUSE}`],
      ['kept', `the template no longer has it; ${BECAUSE}`],
    ]);
  });

  it('none is updated if the team has a file of its own where a new one belongs', async () => {
    const path = 'src/features/items/store.ts';
    const upgraded = await upgrade({ ...OLD, [path]: 'ours\n' }, OLD, { ...NEXT, [path]: 'new\n' });
    expect([textAfter(upgraded, path), textAfter(upgraded, ROUTES)]).toEqual(['ours\n', 'routes 1\n']);
    expect(told(upgraded, ROUTES)?.note).toBe(`you wrote ${path}, which belongs with it`);
  });

  it('those in folders below belong to it', async () => {
    const path = 'src/features/items/tests/all.test.ts';
    const upgraded = await upgrade({ ...OLD, [path]: 'ours\n' }, { ...OLD, [path]: '1\n' }, { ...NEXT, [path]: '2\n' });
    expect(textAfter(upgraded, ROUTES)).toBe('routes 1\n');
  });

  it('all are updated if the team wrote the same as the new version, or has other line ends', async () => {
    const upgraded = await upgrade({ ...OLD, [ROUTES]: 'routes 2\n', [TEST]: 'test 1\r\n' });
    expect([textAfter(upgraded, ROUTES), textAfter(upgraded, TEST)]).toEqual(['routes 2\n', 'test 2\r\n']);
  });
});

describe('seeded files in several folders that the preset names as a group', () => {
  const [sql, other] = ['migrations/0001_items.sql', 'migrations/0002_tags.sql'];
  const preset = {
    ownership: [
      ['src/**', 'seeded'],
      ['migrations/**', 'seeded'],
    ],
    groups: [['src/features/items/**', 'migrations/*_items.sql']],
  } as const;
  const old = { ...OLD, [sql]: 'table 1\n', [other]: 'tags 1\n' };
  const next = { ...NEXT, [sql]: 'table 2\n', [other]: 'tags 2\n' };

  it('are kept together', async () => {
    const upgraded = await upgradeSmall({ old, next, team: { ...old, [ROUTES]: 'ours\n' }, preset });
    expect([TEST, sql, other].map((path) => textAfter(upgraded, path))).toEqual(['test 1\n', 'table 1\n', 'tags 2\n']);
    expect(told(upgraded, sql)?.note).toBe(BECAUSE);
  });

  it('are updated together', async () => {
    const upgraded = await upgradeSmall({ old, next, team: old, preset });
    expect([TEST, sql, other].map((path) => textAfter(upgraded, path))).toEqual(['test 2\n', 'table 2\n', 'tags 2\n']);
  });
});

it('the groups of the built-in template are files of its services', () => {
  const folder = join(import.meta.dirname, '../../templates/typescript');
  const { groups = [], layers } = readTemplateFolder(folder);
  const seeded = layers.flatMap(({ files }) => files.flatMap(({ path, owner }) => (owner === 'seeded' ? [path] : [])));
  expect(groups.length).toBeGreaterThan(0);
  for (const glob of groups.flat()) expect(seeded.filter((path) => matchesGlob(glob, path)).length).toBeGreaterThan(1);
});

it('files with another owner, and those in the root, are no group', async () => {
  const [old, next] = [
    { 'docs/a.md': 'a 1\n', 'docs/b.md': 'b 1\n', 'a.ts': 'a 1\n', 'b.ts': 'b 1\n' },
    { 'docs/a.md': 'a 2\n', 'docs/b.md': 'b 2\n', 'a.ts': 'a 2\n', 'b.ts': 'b 2\n' },
  ];
  const team = { ...old, 'docs/a.md': 'a 1\nours\n', 'a.ts': 'ours\n' };
  const upgraded = await upgradeSmall({ old, next, team, preset: { ownership: [['*.ts', 'seeded']] } });
  expect(['docs/b.md', 'b.ts'].map((path) => textAfter(upgraded, path))).toEqual(['b 2\n', 'b 2\n']);
});
