// @module-tag sampled
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Contents, removeFolder } from '../support/folder.ts';
import * as shops from '../support/shop.ts';

/** Upgrades with changed questions or answers, with the built program. */
const FILE = { 'team.txt.hbs': 'team {{team}}\n' };
const TEAM = { name: 'team', message: 'Which team?', type: 'string', default: 'red' };

afterAll(() => shops.removeSmallProgram());

async function shopOf(old: Contents, next: Contents, preset: object, presetNext: object): Promise<shops.Shop> {
  const shop = await shops.openShop(old, next, { preset, presetNext });
  onTestFinished(() => removeFolder(shop.parent));
  return shop;
}

const text = ({ orders }: shops.Shop, path: string): string => readFileSync(join(orders, path), 'utf8');

const answersOf = (shop: shops.Shop): Record<string, unknown> =>
  (JSON.parse(text(shop, '.twelve.json')) as { answers: Record<string, unknown> }).answers;

describe('answers', () => {
  it('--set changes one answer, and every file that uses it', async () => {
    const shop = await shopOf(FILE, FILE, { questions: [TEAM] }, { questions: [TEAM] });
    expect(text(shop, 'team.txt')).toBe('team red\n');
    const upgraded = await shops.upgrade(shop, '--set', 'team=blue');
    expect(upgraded.code, upgraded.stderr).toBe(0);
    expect([text(shop, 'team.txt'), answersOf(shop).team]).toEqual(['team blue\n', 'blue']);
    expect(upgraded.stderr).toContain('acme 1.0.0 -> 2.0.0');
    await shops.commit(shop);
    const same = await shops.upgrade(shop, '--format', 'markdown', '--set', 'team=blue');
    expect([same.code, same.stdout]).toEqual([
      0,
      expect.stringMatching(/^Nothing to do: orders is at acme 2\.0\.0 on [^\n]+\n+$/),
    ]);
    const again = await shops.upgrade(shop, '--format', 'markdown', '--set', 'team=green');
    expect(again.stdout).toMatch(/^Change the answers of the service: team\n/);
  });

  it('a new question has its default; a removed question is reported', async () => {
    const shop = await shopOf({ 'a.txt': 'a\n' }, FILE, {}, { questions: [TEAM] });
    expect((await shops.upgrade(shop)).code).toBe(0);
    expect(text(shop, 'team.txt')).toBe('team red\n');
    await shops.commit(shop);
    shops.release(shop, '3.0.0', { files: shops.treeOf({ 'a.txt': 'a\n' }) });
    const upgraded = await shops.upgrade(shop);
    expect([upgraded.code, upgraded.stderr]).toEqual([
      0,
      expect.stringContaining('the question team no longer exists'),
    ]);
    expect(answersOf(shop)).not.toHaveProperty('team');
  });

  it('a new question without a default: 2, with the command that answers it, and nothing changed', async () => {
    const shop = await shopOf({ 'a.txt': 'a\n' }, FILE, {}, { questions: [{ ...TEAM, default: undefined }] });
    const before = shops.state(shop);
    const refused = await shops.upgrade(shop);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/team[\s\S]*--set/)]);
    expect(shops.state(shop)).toEqual(before);
    expect((await shops.upgrade(shop, '--set', 'team=green')).code).toBe(0);
    expect(text(shop, 'team.txt')).toBe('team green\n');
  });

  it('--branch with a missing answer: 4, and a commit that changes no file and says what to answer', async () => {
    const open = { name: 'tier', message: 'How critical?', type: 'choice', choices: ['gold', 'silver'] };
    const shop = await shopOf({ 'a.txt': 'a\n' }, FILE, {}, { questions: [{ ...TEAM, default: undefined }, open] });
    const before = shops.files(shop);
    const here = await shops.upgrade(shop);
    expect([here.code, here.stderr]).toEqual([2, expect.stringContaining('How critical? (gold, silver)')]);
    const asked = await shops.upgrade(shop, '--branch', '--format', 'markdown');
    expect([asked.code, asked.stderr]).toEqual([4, '']);
    for (const part of [
      /^Answer team, tier for acme 2\.0\.0\n/,
      /`team` has no answer: Which team\?\n/,
      /`tier` has no answer: How critical\? \(gold, silver\)\n/,
      /npx create-twelve-service upgrade --set team=VALUE --set tier=VALUE/,
      /`answers` in `\.twelve\.json`/,
    ])
      expect(asked.stdout).toMatch(part);
    expect(shops.files(shop)).toEqual(before);
    expect(await shops.git(shop, 'diff', 'main', 'twelve/upgrade')).toBe('');
    expect(await shops.git(shop, 'log', '-1', '--format=%B', 'twelve/upgrade')).toContain(asked.stdout.trim());
    const json = JSON.parse((await shops.upgrade(shop, '--branch=other', '--format', 'json')).stdout);
    expect(json).toMatchObject({
      branch: 'other',
      questions: [
        { name: 'team', message: 'Which team?', reason: 'has no answer' },
        { name: 'tier', message: 'How critical?', choices: ['gold', 'silver'], reason: 'has no answer' },
      ],
    });
  });

  it('the command that is told repeats the options of the run, without wrong answers', async () => {
    const open = { name: 'tier', message: 'How critical?', type: 'choice', choices: ['gold', 'silver'] };
    const asking = { questions: [{ ...TEAM, default: undefined }, open] };
    const shop = await shopOf({ 'a.txt': 'a\n' }, FILE, {}, asking);
    const args = ['--preset', '../preset', '--trust', 'acme', '--no-install', '--set', 'team=blue'];
    const kept = `npx create-twelve-service upgrade --preset ../preset --trust acme --no-install`;
    const refused = await shops.upgrade(shop, ...args, '--set', 'taem=x', '--set', 'tier=lead');
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('the answer taem belongs to no question; did you mean team?'),
    ]);
    expect(refused.stderr).toContain('the answer tier must be one of gold, silver, not "lead"');
    expect(refused.stderr).toMatch(new RegExp(`e\\.g\\. ${kept} --set team=blue --set tier=gold$`, 'm'));
    const bare = await shops.upgrade(shop, '--plan');
    expect(bare.stderr).toContain(
      'the answer team is missing: Which team?; the answer tier is missing: How critical? (gold, silver)',
    );
    expect(bare.stderr).toMatch(/upgrade --plan --set team=VALUE --set tier=gold$/m);
    const asked = await shops.upgrade(shop, '--branch', ...args);
    expect([asked.code, asked.stderr]).toEqual([
      4,
      expect.stringMatching(new RegExp(`^Then: +${kept} --set team=blue --set tier=VALUE$`, 'm')),
    ]);
    expect(await shops.git(shop, 'log', '-1', '--format=%B', 'twelve/upgrade')).toContain(
      `    ${kept} --set team=blue --set tier=VALUE`,
    );
    const command = refused.stderr.match(/e\.g\. npx create-twelve-service upgrade (.*)/)?.[1]?.split(' ') ?? [];
    const followed = await shops.upgrade(shop, ...command);
    expect(followed.code, followed.stderr).toBe(0);
  });

  it('an answer that was written into .twelve.json before the upgrade is taken', async () => {
    const shop = await shopOf({ 'a.txt': 'a\n' }, FILE, {}, { questions: [{ ...TEAM, default: undefined }] });
    const manifest = JSON.parse(text(shop, '.twelve.json'));
    writeFileSync(
      join(shop.orders, '.twelve.json'),
      JSON.stringify({ ...manifest, answers: { ...manifest.answers, team: 'green' } }),
    );
    await shops.commit(shop);
    const upgraded = await shops.upgrade(shop, '--branch');
    expect(upgraded.code, upgraded.stderr).toBe(0);
    expect(await shops.git(shop, 'show', 'twelve/upgrade:team.txt')).toBe('team green\n');
  });

  it('an answer that the next version no longer allows is asked for like a new one', async () => {
    const choice = { ...TEAM, type: 'choice', choices: ['red', 'blue'] };
    const shop = await shopOf(
      FILE,
      FILE,
      { questions: [choice] },
      { questions: [{ ...choice, default: 'blue', choices: ['blue'] }] },
    );
    const refused = await shops.upgrade(shop);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('must be one of blue, not "red"')]);
    const asked = await shops.upgrade(shop, '--branch');
    expect([asked.code, asked.stderr]).toEqual([4, expect.stringContaining('must be one of blue, not "red"')]);
  });

  it('an answer that is locked now is replaced, with a message; --set with another value: 2', async () => {
    const locked = { questions: [TEAM], locked: { team: 'gold' } };
    const shop = await shopOf(FILE, FILE, { questions: [TEAM] }, locked);
    expect((await shops.upgrade(shop, '--set', 'team=blue')).code).toBe(2);
    const upgraded = await shops.upgrade(shop);
    expect([upgraded.code, upgraded.stderr]).toEqual([0, expect.stringContaining('team is gold now, not red: locked')]);
    expect(text(shop, 'team.txt')).toBe('team gold\n');
  });

  it('the name cannot be changed: 2', async () => {
    const shop = await shopOf(FILE, FILE, { questions: [TEAM] }, { questions: [TEAM] });
    const refused = await shops.upgrade(shop, '--set', 'name=other');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('cannot rename a service')]);
  });

  it('--preset none removes the preset', async () => {
    const shop = await shopOf({ 'a.txt': 'a\n' }, {}, {}, {});
    const upgraded = await shops.upgrade(shop, '--preset', 'none');
    expect(upgraded.code, upgraded.stderr).toBe(0);
    expect([...shops.treeIn(shop.orders).keys()]).toEqual(['base.txt']);
  });
});
