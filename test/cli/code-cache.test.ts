// @module-tag node
import { randomInt } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn, makeFolder, removeFolder, temporaryFolder } from '../support/folder.ts';
import { FILES_ONLY, plainEnvironment, programWith, run } from '../support/program.ts';

/**
 * The code cache is code. V8 checks only that it belongs to this V8 and to a source of the same length, so it would run
 * a cache that an attacker wrote. The tests write one: the cache of a program that prints "Hacked it".
 */
const small = programWith({ files: { 'base/README.md': '# Made\n' } });
const evil = makeFolder();
let poison: { name: string; files: Map<string, Buffer> };

afterAll(() => {
  small.remove();
  removeFolder(evil);
});

async function start(cache: string, program = small.program, extra: NodeJS.ProcessEnv = {}): Promise<string> {
  const cwd = makeFolder();
  try {
    const env = plainEnvironment({ XDG_CACHE_HOME: cache, ...extra });
    const { code, stderr } = await run(['orders', ...FILES_ONLY], { cwd, program, env });
    expect(code, stderr).toBe(0);
    return /^(\w+) it: +npm create/m.exec(stderr)?.[1] ?? stderr;
  } finally {
    removeFolder(cwd);
  }
}

/** Writes the attacker's cache where the program looks for its cache. */
function poisoned(): { cache: string; folder: string } {
  const cache = temporaryFolder();
  const folder = join(cache, 'create-twelve-service', poison.name);
  mkdirSync(folder, { recursive: true });
  for (const path of [dirname(folder), folder]) chmodSync(path, 0o700);
  for (const [file, content] of poison.files) writeFileSync(join(folder, file), content);
  return { cache, folder };
}

const stamps = (folder: string) => filesIn(folder).map((path) => [path, statSync(join(folder, path)).mtimeMs]);

beforeAll(async () => {
  const dist = join(evil, 'dist');
  cpSync(dirname(small.program), dist, { recursive: true });
  const main = readFileSync(join(dist, 'main.cjs'), 'latin1');
  writeFileSync(join(dist, 'main.cjs'), main.replaceAll('Repeat it:', 'Hacked it:'), 'latin1');
  const cache = join(evil, 'cache');
  expect(await start(cache, join(dist, 'bin.cjs'))).toBe('Hacked');
  const [name = ''] = readdirSync(join(cache, 'create-twelve-service'));
  const folder = join(cache, 'create-twelve-service', name);
  poison = { name, files: new Map(filesIn(folder).map((path) => [path, readFileSync(join(folder, path))])) };
});

describe('the code cache', () => {
  it('is written by a run that made something, readable only for the user, and used by the next run', async () => {
    const cache = temporaryFolder();
    await run(['--help'], { cwd: cache, program: small.program, env: plainEnvironment({ XDG_CACHE_HOME: cache }) });
    expect(filesIn(cache)).toEqual([]);
    expect(await start(cache)).toBe('Repeat');
    const files = filesIn(cache);
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) {
      expect(path).toMatch(/^create-twelve-service\/[0-9a-f]{12}-v\d+\.\d+\.\d+-\w+\/[\w.-]+\.bin$/);
      expect(statSync(join(cache, path)).mode & 0o077).toBe(0);
      expect(statSync(dirname(join(cache, path))).mode & 0o077).toBe(0);
    }
    const before = stamps(cache);
    expect(await start(cache)).toBe('Repeat');
    expect(stamps(cache)).toEqual(before);
  });

  it('would run the code in it, which proves that the tests below can fail', async () => {
    expect(await start(poisoned().cache)).toBe('Hacked');
  });

  it.each<[string, (folder: string) => void]>([
    ['that the group may write to', (folder) => chmodSync(folder, 0o770)],
    ['that everybody may write to', (folder) => chmodSync(folder, 0o707)],
    ['below one that the group may write to', (folder) => chmodSync(dirname(folder), 0o770)],
  ])('is neither read nor written in a folder %s', async (_, open) => {
    const { cache, folder } = poisoned();
    open(folder);
    const before = stamps(folder);
    expect(await start(cache)).toBe('Repeat');
    expect(stamps(folder)).toEqual(before);
  });

  const root = process.getuid?.() === 0;
  if (!root) console.warn('skipped: only root can give a folder to somebody else');
  it.skipIf(!root).each<[string, (folder: string) => string]>([
    ['of somebody else', (folder) => folder],
    ['below one of somebody else', (folder) => dirname(folder)],
  ])('is neither read nor written in a folder %s', async (_, foreign) => {
    const { cache, folder } = poisoned();
    chownSync(foreign(folder), 65_534, 65_534);
    const before = stamps(folder);
    expect(await start(cache)).toBe('Repeat');
    expect(stamps(folder)).toEqual(before);
  });

  it('is neither read nor written under TWELVE_NO_CODE_CACHE', async () => {
    expect(await start(poisoned().cache, small.program, { TWELVE_NO_CODE_CACHE: '1' })).toBe('Repeat');
    const empty = temporaryFolder();
    await start(empty, small.program, { TWELVE_NO_CODE_CACHE: '1' });
    expect(readdirSync(empty)).toEqual([]);
  });

  it('that is corrupt, cut short, empty or a folder is replaced by a new one', async () => {
    const cache = temporaryFolder();
    await start(cache);
    const [path = ''] = filesIn(cache).filter((name) => name.endsWith('main.cjs.bin'));
    const file = join(cache, path);
    const good = readFileSync(file);
    for (const bad of [Buffer.alloc(good.length, 7), good.subarray(0, 100), Buffer.alloc(0)]) {
      writeFileSync(file, bad);
      expect(await start(cache)).toBe('Repeat');
      expect(readFileSync(file).length).toBeGreaterThan(good.length / 2);
      expect(readFileSync(file).equals(bad)).toBe(false);
    }
    const { folder, cache: other } = poisoned();
    for (const name of poison.files.keys()) {
      removeFolder(join(folder, name));
      mkdirSync(join(folder, name));
    }
    expect(await start(other)).toBe('Repeat');
  });

  it('of which any bit or any page is damaged is replaced, and the answers are right', async () => {
    const cache = temporaryFolder();
    await start(cache);
    const [path = ''] = filesIn(cache).filter((name) => name.endsWith('main.cjs.bin'));
    const file = join(cache, path);
    const whole = (content: Buffer) =>
      content.subarray(0, content.length / 2).equals(content.subarray(content.length / 2));
    for (let index = 0; index < 20; index++) {
      const content = readFileSync(file);
      const place = randomInt(content.length);
      if (index % 2 === 0) content.writeUInt8(content.readUInt8(place) ^ (1 << (place % 8)), place);
      else content.fill(0x5a, place & ~4095, (place | 4095) + 1);
      expect(whole(content), `byte ${place} of ${content.length}`).toBe(false);
      writeFileSync(file, content);
      expect(await start(cache), `byte ${place} of ${content.length}`).toBe('Repeat');
      expect(whole(readFileSync(file))).toBe(true);
    }
  });

  it('is in the home where XDG_CACHE_HOME is relative, and nowhere where the home is', async () => {
    const cwd = makeFolder();
    const home = temporaryFolder();
    for (const env of [{ HOME: home }, { HOME: 'relative' }]) {
      const options = { cwd, program: small.program, env: plainEnvironment({ XDG_CACHE_HOME: 'cache', ...env }) };
      expect((await run(['orders', '--overwrite', ...FILES_ONLY], options)).code).toBe(0);
    }
    expect(readdirSync(cwd)).toEqual(['orders']);
    expect(filesIn(home).filter((name) => name.endsWith('main.cjs.bin'))).toHaveLength(1);
    removeFolder(cwd);
  });

  it('is not needed: the program works without a folder for it', async () => {
    const file = join(temporaryFolder({ file: '' }), 'file');
    expect(await start(file)).toBe('Repeat');
    expect(await start('', small.program, { HOME: file })).toBe('Repeat');
    expect(existsSync(join(file, 'create-twelve-service'))).toBe(false);
  });
});
