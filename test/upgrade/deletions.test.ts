import { describe, expect, it } from 'vitest';
import { textAfter, told, upgradeSmall } from '../support/small-upgrade.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

describe('a key that the team deleted and the template changed', () => {
  it.each([
    [
      'a.json',
      json({ name: 'a', scripts: { docs: 'old', test: 'run' } }),
      json({ name: 'a', scripts: { docs: 'new', test: 'run' } }),
      json({ name: 'a', scripts: { test: 'run' } }),
      'scripts.docs',
    ],
    ['a.json', json({ name: 'a', on: { push: 1 } }), json({ name: 'a', on: { push: 2 } }), json({ name: 'a' }), 'on'],
    [
      'a.yaml',
      'name: a\njobs:\n  a: 1\n  b: 1\n',
      'name: a\njobs:\n  a: 2\n  b: 1\n',
      'name: a\njobs:\n  b: 1\n',
      'jobs.a',
    ],
    ['a.yaml', 'name: a\njobs:\n  a: 1\n', 'name: a\njobs:\n  a: 2\n', 'name: a\n', 'jobs'],
  ])('stays deleted, and is named (%s, %#)', async (path, old, next, team, key) => {
    const upgraded = await upgradeSmall({ old: { [path]: old }, next: { [path]: next }, team: { [path]: team } });
    expect(textAfter(upgraded, path)).toBe(team);
    const { outcome, note } = told(upgraded, path) ?? {};
    expect([outcome, note]).toEqual(['kept', `you deleted ${key}; the template changed it`]);
    expect(upgraded.exit).toBe(0);
  });

  it('is named beside what is merged, and beside a conflict', async () => {
    const upgraded = await upgradeSmall({
      old: { 'a.json': json({ a: 1, b: 1, c: 1 }), 'b.json': json({ a: 1, b: 1, c: 1 }) },
      next: { 'a.json': json({ a: 2, b: 2, c: 1 }), 'b.json': json({ a: 2, b: 2, c: 1 }) },
      team: { 'a.json': json({ b: 1, c: 3 }), 'b.json': json({ b: 3, c: 1 }) },
    });
    const seen = ['a.json', 'b.json'].map((path) => [told(upgraded, path)?.outcome, told(upgraded, path)?.note]);
    expect(seen).toEqual([
      ['merged', 'you deleted a; the template changed it'],
      ['conflict', 'both sides changed the same lines; you deleted a; the template changed it'],
    ]);
  });

  it('is named only once, and not if the template did not change it', async () => {
    const [old, next] = [json({ a: 1, b: 1 }), json({ a: 1, b: 2 })];
    const upgraded = await upgradeSmall({
      old: { 'a.json': old },
      next: { 'a.json': next },
      team: { 'a.json': json({ b: 1 }) },
    });
    expect([told(upgraded, 'a.json')?.outcome, told(upgraded, 'a.json')?.note]).toEqual(['merged', undefined]);
  });

  it('is one of many: five are named, and the others counted', async () => {
    const keys = (value: number) => Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => [key, value]));
    const upgraded = await upgradeSmall({
      old: { 'a.json': json({ z: 1, ...keys(1) }) },
      next: { 'a.json': json({ z: 1, ...keys(2) }) },
      team: { 'a.json': json({ z: 1 }) },
    });
    expect(told(upgraded, 'a.json')?.note).toBe('you deleted a, b, c, d, e, 2 more; the template changed it');
  });
});
