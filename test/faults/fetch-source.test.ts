// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashTree } from '../../engine/core/tree.ts';
import { readFolderTree } from '../../engine/io/source/read-folder.ts';
import { cacheFile } from '../../engine/io/source/source-cache.ts';
import { npmUser, texts, user } from '../support/fetching.ts';
import { filesIn, temporaryFolder, write } from '../support/folder.ts';
import { registry } from '../support/registry.ts';
import { packageTarball } from '../support/tarball.ts';

/** What all sources share: integrity and the cache. */

describe('a folder', () => {
  it('is read without .git and node_modules', async () => {
    const person = user({
      'p/a.txt': 'a',
      'p/.git/config': 'x',
      'p/node_modules/m/i.js': 'x',
    });
    write(person.home, { 'p/deep/run.sh': { run: '#!/bin/sh\n' } });
    const fetched = await person.fetch('./p');
    expect(texts(fetched)).toEqual({ 'a.txt': 'a', 'deep/run.sh': '#!/bin/sh\n' });
    expect(fetched.resolved).toBe('./p');
    expect((await person.fetch(`${person.home}/p`)).integrity).toBe(fetched.integrity);
  });

  it.each([
    ['a link', (folder: string) => symlinkSync('/etc/passwd', join(folder, 'link'))],
    ['a pipe', (folder: string) => execFileSync('mkfifo', [join(folder, 'pipe')])],
    [
      'a file of 10 MB and a byte',
      (folder: string) => writeFileSync(join(folder, 'x'), Buffer.alloc(10 * 1024 ** 2 + 1)),
    ],
    ['a reserved name', (folder: string) => writeFileSync(join(folder, 'aux'), '')],
  ])('with %s is refused', async (_, spoil) => {
    const person = user({ 'p/a.txt': 'a' });
    spoil(join(person.home, 'p'));
    expect(await person.refused('./p')).toMatchObject({ code: 'TEMPLATE_UNSAFE', exit: 6 });
  });

  it('has its limits of files and bytes', () => {
    const folder = temporaryFolder({ a: '123', b: '456', c: '' });
    const limits = { fileBytes: 3, files: 3, totalBytes: 6 };
    expect(readFolderTree(folder, limits).size).toBe(3);
    for (const [name, value] of Object.entries(limits))
      expect(() => readFolderTree(folder, { ...limits, [name]: value - 1 })).toThrow(/larger than|more than/);
  });

  it('that does not exist is bad input', async () => {
    const person = user({ file: '' });
    for (const text of ['./none', './file', join(person.home, 'none')])
      expect(await person.refused(text)).toMatchObject({ code: 'INPUT_INVALID', exit: 2 });
  });

  it('that was edited is not what the pin says, unless that is in the cache', async () => {
    const person = user({ 'p/a.txt': 'a' });
    const { files, ...pin } = await person.fetch('./p');
    write(person.home, { 'p/a.txt': 'b' });
    expect(await person.fetch('./p', { pin })).toEqual({ files, ...pin });
    const elsewhere = { ...person.env, XDG_CACHE_HOME: temporaryFolder() };
    expect(await person.refused('./p', { pin, env: elsewhere })).toMatchObject({ code: 'SOURCE_CHANGED', exit: 6 });
  });
});

describe('an integrity', () => {
  it('depends on the paths, the modes and the bytes, and not on the order', () => {
    const tree = (entries: [string, string, 0o644 | 0o755][]) =>
      new Map(entries.map(([path, text, mode]) => [path as never, { content: Buffer.from(text), mode }]));
    const base = hashTree(
      tree([
        ['a', '1', 0o644],
        ['b', '2', 0o644],
      ]),
    );
    expect(base).toMatch(/^sha256-[\w+/]{43}=$/);
    expect(
      hashTree(
        tree([
          ['b', '2', 0o644],
          ['a', '1', 0o644],
        ]),
      ),
    ).toBe(base);
    const others = [
      tree([['a', '1', 0o644]]),
      tree([
        ['a', '1', 0o644],
        ['b', '2', 0o755],
      ]),
      tree([
        ['a', '1', 0o644],
        ['c', '2', 0o644],
      ]),
      tree([
        ['a', '2', 0o644],
        ['b', '1', 0o644],
      ]),
      tree([
        ['a', '1', 0o644],
        ['b', '', 0o644],
      ]),
    ].map(hashTree);
    expect(new Set([base, ...others]).size).toBe(6);
  });
});

async function published() {
  const server = await registry();
  server.publish('preset', '1.0.0', packageTarball('preset', '1.0.0', { 'a.txt': 'good' }));
  const person = npmUser(server);
  const { files, ...pin } = await person.fetch('npm:preset');
  return { server, person, files, pin, entry: cacheFile(pin.integrity, person.env) ?? '' };
}

describe('the cache', () => {
  it('has one file for each source, named by its content', async () => {
    const { person, pin, entry } = await published();
    const name = Buffer.from(pin.integrity.slice('sha256-'.length), 'base64').toString('base64url');
    expect(entry).toBe(join(person.home, '.cache/create-twelve-service/sources', name));
    expect(filesIn(join(person.home, '.cache'))).toEqual([`create-twelve-service/sources/${name}`]);
    const { XDG_CACHE_HOME, ...env } = person.env;
    expect([XDG_CACHE_HOME, cacheFile(pin.integrity, env)]).toEqual([`${person.home}/.cache`, entry]);
  });

  it.each<[string, (entry: string) => void]>([
    ['forged', (entry) => writeFileSync(entry, readFileSync(entry, 'latin1').replace('good', 'evil'))],
    ['cut off', (entry) => writeFileSync(entry, readFileSync(entry).subarray(0, 40))],
    ['of other paths', (entry) => writeFileSync(entry, '[["../../x",420,1]]\nx')],
    ['empty', (entry) => writeFileSync(entry, '')],
  ])('has an entry that is %s: the source is fetched again, and the entry is replaced', async (_, spoil) => {
    const { server, person, files, pin, entry } = await published();
    const good = readFileSync(entry);
    spoil(entry);
    expect(await person.fetch('npm:preset', { pin })).toEqual({ files, ...pin });
    expect(readFileSync(entry)).toEqual(good);
    spoil(entry);
    server.close();
    expect(await person.refused('npm:preset', { pin })).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect(filesIn(join(person.home, '.cache'))).toEqual([]);
  });

  it('that cannot be written is not an error', async () => {
    const { server, pin } = await published();
    const person = npmUser(server);
    const env = { ...person.env, XDG_CACHE_HOME: '/dev/null/x' };
    expect(await person.fetch('npm:preset', { env })).toMatchObject(pin);
    expect(filesIn(person.home)).toEqual(['.npmrc']);
  });

  it('is in the home where XDG_CACHE_HOME is relative', async () => {
    const { pin } = await published();
    const HOME = '/home/person';
    expect(cacheFile(pin.integrity, { HOME, XDG_CACHE_HOME: 'relative' })).toBe(cacheFile(pin.integrity, { HOME }));
    expect(cacheFile(pin.integrity, { HOME: 'relative' })).toBeUndefined();
    expect(cacheFile(pin.integrity, {})).toBeUndefined();
  });
});
