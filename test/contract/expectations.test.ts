import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readExpectations } from '../../maintenance/verify/expectations.ts';
import { locationOf } from '../../maintenance/verify/location.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { FILES_ONLY, plainEnvironment, run } from '../support/program.ts';

const home = makeFolder();
afterAll(() => removeFolder(home));

const preset = (must: string, version = '1.0.0') =>
  `schema: 1\nname: "@acme/preset"\nversion: ${version}\npolicy:\n  must: [${must}]\n`;
const WAIVERS = 'waivers:\n  - { rule: IX-2, reason: because, owner: me, expires: 2999-01-01 }\n';

describe('what a service is held against', () => {
  afterAll(() => vi.unstubAllEnvs());
  beforeAll(async () => {
    vi.stubEnv('XDG_CACHE_HOME', plainEnvironment().XDG_CACHE_HOME);
    write(home, { 'preset/preset.yaml': preset('H-5'), 'other/preset.yaml': preset('H-4') });
    const { code, stderr } = await run(['orders', '--yes', '--preset', './preset', ...FILES_ONLY], { cwd: home });
    expect(code, stderr).toBe(0);
    write(home, {
      'orders/.twelve-waivers.yaml': WAIVERS,
      'foreign/.twelve-waivers.yaml': WAIVERS,
      'plain/main.go': '',
    });
  });
  const read = (folder: string | undefined, more = {}) =>
    readExpectations(folder === undefined ? undefined : join(home, folder), { cwd: home, ...more });

  it('is its waivers, and the policy of the preset that its manifest pins, not of a newer one', async () => {
    expect(await read('orders')).toEqual({
      must: ['H-5'],
      waivers: { waivers: [expect.objectContaining({ rule: 'IX-2', line: 2 })], problems: [] },
      notes: [],
    });
    write(home, { 'preset/preset.yaml': preset('H-5, H-3', '2.0.0') });
    expect((await read('orders')).must).toEqual(['H-5']);
    expect((await read('orders', { preset: './preset' })).must).toEqual(['H-5', 'H-3']);
  });

  describe('with a pinned preset that is not in the cache', () => {
    beforeAll(() => vi.stubEnv('XDG_CACHE_HOME', join(home, 'no-cache')));
    afterAll(() => vi.stubEnv('XDG_CACHE_HOME', plainEnvironment().XDG_CACHE_HOME));

    it.each([
      ['is at another version by now', () => write(home, { 'preset/preset.yaml': preset('H-5', '3.0.0') }), /3\.0\.0/],
      ['is not a folder', () => rmSync(join(home, 'preset'), { recursive: true }), /is not a folder/],
    ])('the contract alone decides where it %s, and a note says so', async (_, change, why) => {
      change();
      const { must, notes, waivers } = await read('orders');
      expect({ must, waivers }).toMatchObject({ must: [], waivers: { waivers: [{ rule: 'IX-2' }] } });
      expect(notes).toEqual([expect.stringMatching(/^the policy of @acme\/preset 1\.0\.0 was not read/)]);
      expect(notes[0]).toMatch(why);
    });

    it('it fails if it has changed or is broken', async () => {
      write(home, { 'preset/preset.yaml': preset('H-3') });
      await expect(read('orders')).rejects.toMatchObject({ code: 'SOURCE_CHANGED', exit: 6 });
      write(home, { 'preset/preset.yaml': '{' });
      await expect(read('orders')).rejects.toMatchObject({ exit: 6 });
    });
  });

  it('is only its waivers if it was not generated, and nothing if it has none', async () => {
    expect(await read('foreign')).toMatchObject({ must: [], waivers: { waivers: [{ rule: 'IX-2' }] } });
    expect(await read('plain')).toEqual({ must: [], waivers: { waivers: [], problems: [] }, notes: [] });
  });

  it('is nothing without a folder, and a note says how to name one', async () => {
    expect(await read(undefined)).toEqual({
      must: [],
      waivers: { waivers: [], problems: [] },
      notes: [expect.stringMatching(/no waiver and no policy .* was read: .*verify DIR/)],
    });
  });

  it('is the policy of a preset that is named, whatever it was made from', async () => {
    for (const folder of ['orders', 'foreign', undefined]) {
      expect((await read(folder, { preset: './other' })).must).toEqual(['H-4']);
    }
  });

  it('is not read through a link, which is a problem', async () => {
    rmSync(join(home, 'foreign/.twelve-waivers.yaml'));
    symlinkSync(join(home, 'orders/.twelve-waivers.yaml'), join(home, 'foreign/.twelve-waivers.yaml'));
    expect((await read('foreign')).waivers).toEqual({ waivers: [], problems: [{ line: 1, reason: 'is a link' }] });
  });

  it('is an error if the manifest is broken, or a preset that was named cannot be fetched', async () => {
    write(home, { 'broken/.twelve.json': '{' });
    await expect(read('broken')).rejects.toMatchObject({ code: 'MANIFEST_BROKEN' });
    await expect(read('orders', { preset: './none' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

it('a code host shows findings at the manifest of a service, or else at a file that describes it', () => {
  write(home, {
    'at/a/.twelve.json': '{}',
    'at/a/Dockerfile': '',
    'at/b/go.mod': '',
    'at/b/README.md': '',
    'at/c/x': '',
  });
  const of = (folder: string, cwd = 'at') => locationOf(join(home, folder), join(home, cwd));
  expect([of('at/a'), of('at/b'), of('at/c')]).toEqual(['a/.twelve.json', 'b/go.mod', undefined]);
  expect(of('at/a', 'at/a')).toBe('.twelve.json');
});
