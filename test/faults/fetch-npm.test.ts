// @module-tag sampled
import { randomFillSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTarball } from '../../engine/io/source/read-tarball.ts';
import { npmUser, texts } from '../support/fetching.ts';
import { temporaryFolder, write } from '../support/folder.ts';
import { registry } from '../support/registry.ts';
import { type Entry, packageTarball, tarball } from '../support/tarball.ts';

/** A source that is a package, fetched by a real npm from a registry on this machine. */

const NAME = '@acme/preset';
const SPEC = `npm:${NAME}`;

async function withVersions(...versions: string[]) {
  const server = await registry();
  for (const version of versions) server.publish(NAME, version, packageTarball(NAME, version, { 'a.txt': version }));
  return { server, person: npmUser(server) };
}

describe('a package', () => {
  it('gives its files, and none of its code runs', async () => {
    const server = await registry();
    const entries: Entry[] = [
      { path: 'package/package.json', content: JSON.stringify({ name: NAME, version: '2.3.1' }) },
      { path: 'package/bin/', type: '5' },
      { path: 'package/bin/run.sh', content: '#!/bin/sh\n', mode: 0o755 },
      { path: 'package/empty' },
    ];
    server.publish(NAME, '2.3.1', tarball(entries));
    const fetched = await npmUser(server).fetch(SPEC);
    expect(fetched.resolved).toBe('npm:@acme/preset@2.3.1');
    expect(texts(fetched)).toMatchObject({ 'bin/run.sh': '#!/bin/sh\n', empty: '' });
    expect([...fetched.files].map(([path, { mode }]) => [path, mode.toString(8)])).toEqual([
      ['package.json', '644'],
      ['bin/run.sh', '755'],
      ['empty', '644'],
    ]);
  });

  it('runs none of its scripts', async () => {
    const { person } = await withVersions('1.0.0');
    await person.fetch(SPEC);
    expect(readdirSync(person.home).filter((name) => name.startsWith('ran-'))).toEqual([]);
  });

  it.each([
    ['', '2.0.0'],
    ['@latest', '2.0.0'],
    ['@^1', '1.1.0'],
    ['@>=1.0.0 <1.1.0', '1.0.0'],
    ['@1.0.0 || 1.1.0', '1.1.0'],
  ])('of the range "%s" is %s', async (range, version) => {
    const { person } = await withVersions('1.0.0', '1.1.0', '2.0.0');
    expect((await person.fetch(`${SPEC}${range}`)).resolved).toBe(`${SPEC}@${version}`);
  });

  it('that is younger than the settings of npm allow is named as such, with the setting', async () => {
    const { server } = await withVersions('1.0.0', '2.0.0');
    server.age(NAME, '2.0.0', 2);
    const person = npmUser(server);
    const settle = (setting: string) => write(person.home, { '.npmrc': `registry=${server.url}\n${setting}\n` });
    settle('min-release-age=7');
    expect((await person.fetch(SPEC)).resolved).toBe(`${SPEC}@1.0.0`);
    const young = await person.refused(`${SPEC}@^2`);
    expect([young.code, young.message]).toEqual([
      'SOURCE_NOT_FOUND',
      expect.stringMatching(
        /^npm:@acme\/preset@\^2 has no version that is old enough for the setting min-release-age=7 of npm/,
      ),
    ]);
    expect(young.remedy).toMatch(/Wait.*name an older version.*min-release-age.*\.npmrc/);
    // npm says "No versions available" where every version is too young; so it does where there is none.
    server.age(NAME, '1.0.0', 2);
    expect((await person.refused(SPEC)).message).toContain('old enough for the setting min-release-age=7 of npm');
    server.age(NAME, '1.0.0', 1000);
    settle('before=2026-01-01');
    expect((await person.refused(`${SPEC}@2.0.0`)).message).toContain('the setting before of npm');
    // What is in use already was old enough for somebody: as with a lockfile, the setting does not hold for it.
    const pin = { resolved: `${SPEC}@2.0.0`, integrity: (await npmUser(server).fetch(SPEC)).integrity };
    expect((await person.fetch(SPEC, { pin })).resolved).toBe(`${SPEC}@2.0.0`);
  });

  it('is requested again each time: a new version is seen at once', async () => {
    const { server, person } = await withVersions('1.0.0');
    expect((await person.fetch(`${SPEC}@^1`)).resolved).toBe(`${SPEC}@1.0.0`);
    server.publish(NAME, '1.1.0', packageTarball(NAME, '1.1.0'));
    expect((await person.fetch(`${SPEC}@^1`)).resolved).toBe(`${SPEC}@1.1.0`);
    server.close();
    expect(await person.refused(`${SPEC}@^1`)).toMatchObject({ code: 'SOURCE_UNREACHABLE', exit: 5 });
  });

  it('that is pinned comes from the cache, by its content', async () => {
    const { server, person } = await withVersions('1.0.0');
    const { files, ...pin } = await person.fetch(SPEC);
    const asked = server.requests.length;
    expect(await person.fetch(SPEC, { pin })).toEqual({ files, ...pin });
    expect(server.requests).toHaveLength(asked);
  });

  it('that was published anew under the same version is not what the pin says', async () => {
    const { server, person } = await withVersions('1.0.0');
    const { files, ...pin } = await person.fetch(SPEC);
    server.publish(NAME, '1.0.0', packageTarball(NAME, '1.0.0', { 'a.txt': 'evil' }));
    const other = npmUser(server);
    const error = await other.refused(SPEC, { pin });
    expect(error).toMatchObject({ code: 'SOURCE_CHANGED', exit: 6 });
    expect(error.message).toContain(`it was ${pin.integrity}, it is sha256-`);
  });

  it('whose bytes are not those that the registry announced is refused', async () => {
    const server = await registry();
    server.publish(NAME, '1.0.0', packageTarball(NAME, '1.0.0'), Buffer.from('other'));
    expect(await npmUser(server).refused(SPEC)).toMatchObject({ code: 'SOURCE_CHANGED', exit: 6 });
  });
});

describe('a registry', () => {
  it('that requires a token gets the one of the .npmrc', async () => {
    const server = await registry({ token: 'npm_0123456789abcdef' });
    server.publish(NAME, '1.0.0', packageTarball(NAME, '1.0.0'));
    expect((await npmUser(server, 'npm_0123456789abcdef').fetch(SPEC)).resolved).toBe(`${SPEC}@1.0.0`);
    for (const person of [npmUser(server), npmUser(server, 'npm_wrongwrongwrong')]) {
      const error = await person.refused(SPEC);
      expect(error).toMatchObject({ code: 'SOURCE_DENIED', exit: 5 });
      expect(error.message + error.remedy).not.toContain('wrongwrong');
    }
  });

  it.each([
    [403, 'SOURCE_DENIED'],
    [404, 'SOURCE_NOT_FOUND'],
    [500, 'SOURCE_UNREACHABLE'],
  ])('that answers %d is %s', async (status, code) => {
    const person = npmUser(await registry({ status }));
    const error = await person.refused(SPEC);
    expect(error).toMatchObject({ code, exit: 5 });
    expect(error.message).toContain(SPEC);
  });

  it.each(['npm:@acme/other', 'npm:@acme/preset@^7', 'npm:@acme/preset@9.9.9', 'npm:@acme/preset@no-such-tag'])(
    'that has no %s is told apart from one that is not there',
    async (text) => {
      const { person } = await withVersions('1.0.0');
      expect(await person.refused(text)).toMatchObject({ code: 'SOURCE_NOT_FOUND', exit: 5 });
    },
  );

  it('that does not answer ends the fetch in time', async () => {
    const person = npmUser(await registry({ stalls: true }));
    const start = Date.now();
    const error = await person.refused(SPEC, { timeout: 2_000 });
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', exit: 5 });
    expect(error.message).toContain('in time');
    expect(Date.now() - start).toBeLessThan(10_000);
  });
});

const FILE: Entry = { path: 'package/b.txt', content: 'b' };
const MB = 1024 * 1024;

/** Bytes that compress well, but not so well that npm itself refuses them as a bomb. */
function zeros(bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  randomFillSync(content, 0, 50_000);
  return content;
}

describe('a hostile package', () => {
  it.each<[string, Entry[]]>([
    ['a path out of it', [{ path: 'package/../../evil', content: 'x' }]],
    ['an absolute path', [{ path: '//etc/evil', content: 'x' }]],
    ['a .git folder', [{ path: 'package/.git/hooks/pre-commit', content: 'x' }]],
    ['a symbolic link', [{ path: 'package/link', type: '2', link: '/etc/passwd' }]],
    ['a hard link', [FILE, { path: 'package/link', type: '1', link: 'package/a.txt' }]],
    ['a device', [{ path: 'package/null', type: '3' }]],
    ['a pipe', [{ path: 'package/pipe', type: '6' }]],
    ['an unknown kind of entry', [{ path: 'package/odd', type: 'V', content: 'x' }]],
    ['a path twice', [FILE, FILE]],
    ['a file of 10 MB and a byte', [{ path: 'package/large', content: zeros(10 * MB + 1) }]],
    ['nothing but zeros', [{ path: 'package/large', content: Buffer.alloc(50 * MB) }]],
    ['5,001 files', Array.from({ length: 5_001 }, (_, at) => ({ path: `package/${at}` }))],
  ])('with %s is refused', async (_, entries) => {
    const server = await registry();
    server.publish(NAME, '1.0.0', tarball([{ path: 'package/a.txt', content: 'a' }, ...entries]));
    expect(await npmUser(server).refused(SPEC)).toMatchObject({ code: 'TEMPLATE_UNSAFE', exit: 6 });
  });

  it('that is a bomb is stopped before it fills memory', async () => {
    const content = zeros(10 * MB);
    const bomb = tarball(Array.from({ length: 40 }, (_, at) => ({ path: `package/${at}`, content })));
    const file = join(temporaryFolder({ bomb }), 'bomb');
    const before = process.memoryUsage.rss();
    const error = await readTarball(file, SPEC).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'TEMPLATE_UNSAFE', exit: 6 });
    expect((error as Error).message).toMatch(/template 10: makes it more than \d+ bytes together/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * MB);
  });

  it.each([
    ['not a tarball', Buffer.from('hello')],
    ['cut off', tarball([{ path: 'package/a', content: 'x'.repeat(100_000) }]).subarray(0, 90)],
  ])('that is %s is broken', async (_, bytes) => {
    const server = await registry();
    server.publish(NAME, '1.0.0', bytes);
    expect(await npmUser(server).refused(SPEC)).toMatchObject({ code: 'TEMPLATE_BROKEN', exit: 6 });
  });
});
