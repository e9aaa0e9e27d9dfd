import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../engine/core/template/source-template.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import { readFolderTree } from '../../engine/io/source/read-folder.ts';
import { loadTemplateFolder, readTemplateFolder } from '../../engine/io/source/source.ts';
import { type Contents, temporaryFolder } from '../support/folder.ts';

const HEAD = { id: 'small', layers: [{ path: 'base' }], ownership: [['**', 'managed']] };

function template(contents: Contents, head: object | string = HEAD): string {
  return temporaryFolder({ 'template.json': typeof head === 'string' ? head : JSON.stringify(head), ...contents });
}

function failure(folder: string): { code?: string; message: string } {
  try {
    readTemplate(readFolderTree(folder));
  } catch (error) {
    return error as Error;
  }
  throw new Error('the template was read');
}

describe('a template folder', () => {
  it('is read with real names, owners, modes and the kind of each file', () => {
    const folder = template(
      {
        'base/_.gitignore': 'dist\n',
        'base/_package.json.hbs': '{}',
        'base/deep/_x': '',
        'base/__name__.ts': '',
        'base/__x': '',
        'base/src/a.ts': '',
        'base/src/deep/b.ts': '',
        'base/run.sh': { run: '#!/bin/sh\n' },
      },
      {
        ...HEAD,
        ownership: [
          ['src/*.ts', 'seeded'],
          ['**/*.sh', 'derived'],
          ['deep/**', 'merged'],
          ['**', 'managed'],
        ],
      },
    );
    const [layer] = readTemplate(readFolderTree(folder)).layers;
    const read = layer?.files.map(({ path, owner, mode, isTemplate }) => [path, owner, mode.toString(8), isTemplate]);
    expect(read?.sort()).toEqual([
      ['.gitignore', 'managed', '644', false],
      ['__name__.ts', 'managed', '644', false],
      ['__x', 'managed', '644', false],
      ['deep/x', 'merged', '644', false],
      ['package.json', 'managed', '644', true],
      ['run.sh', 'derived', '755', false],
      ['src/a.ts', 'seeded', '644', false],
      ['src/deep/b.ts', 'managed', '644', false],
    ]);
  });

  it('has an integrity that depends on every file, and not on its place', () => {
    const contents = { 'base/a': '1', 'base/b': '2' };
    const integrity = (files: Contents, head: object = HEAD) =>
      readTemplate(readFolderTree(template(files, head))).integrity;
    const original = integrity(contents);
    expect(original).toMatch(/^sha256-[A-Za-z0-9+/]{43}=$/);
    expect(integrity(contents)).toBe(original);
    const others = [
      integrity({ ...contents, 'base/a': '3' }),
      integrity({ 'base/a': '1', 'base/c': '2' }),
      integrity({ ...contents, 'base/a': { run: '1' } }),
      integrity(contents, { ...HEAD, ownership: [['**', 'seeded']] }),
      integrity(contents, { ...HEAD, groups: [['a']] }),
      integrity(contents, { ...HEAD, layers: [{ path: 'base', when: { cache: 'redis' } }] }),
    ];
    expect(new Set([original, ...others]).size).toBe(7);
  });

  it.each<[string, object | string, string]>([
    ['is not JSON', '{', 'cannot be read'],
    ['is null', 'null', 'needs id, layers and ownership'],
    ['has no layers', { id: 'x', ownership: [] }, 'needs id, layers and ownership'],
    ['has a layer without a path', { ...HEAD, layers: [null] }, 'has a layer without a path'],
    ['has a condition that is not a map', { ...HEAD, layers: [{ path: 'base', when: [] }] }, 'is not a map of answers'],
    ['has an unknown owner', { ...HEAD, ownership: [['**', 'nobody']] }, '"nobody" is not one of'],
    ['has a line of ownership that is not a pair', { ...HEAD, ownership: ['**'] }, 'is not [glob, owner]'],
    ['has groups that are not lists', { ...HEAD, groups: ['a/**'] }, 'has "groups" that are no lists of globs'],
    ['names a missing layer', { ...HEAD, layers: [{ path: 'other' }] }, 'has no files'],
    ['leaves a file without an owner', { ...HEAD, ownership: [['b', 'managed']] }, 'matches no line of "ownership"'],
  ])('whose template.json %s is broken', (_, head, reason) => {
    const error = failure(template({ 'base/a': '' }, head));
    expect(error).toMatchObject({ code: 'TEMPLATE_BROKEN', message: expect.stringContaining(reason) });
  });

  it('without template.json is broken', () => {
    expect(failure(temporaryFolder({ 'base/a': '' }))).toMatchObject({ code: 'TEMPLATE_BROKEN' });
  });

  it.each(['../base', '/base', 'base/../../x', '.git', 'a\\b', ''])('refuses the layer %j', (path) => {
    const error = failure(template({ 'base/a': '' }, { ...HEAD, layers: [{ path }] }));
    expect(error).toMatchObject({ code: 'TEMPLATE_UNSAFE' });
  });

  it.each<[string, Contents]>([
    ['a file that is a link', { 'base/a': { link: '/etc/passwd' } }],
    ['a folder that is a link', { 'base/a': { link: '/etc' } }],
    ['a layer that is a link', { base: { link: '/etc' } }],
    ['.git, even as data', { 'base/.git/config': '' }],
    ['.git under a hidden name', { 'base/_.git': '' }],
    ['a device name of Windows', { 'base/con.txt': '' }],
    ['a name with a control character', { 'base/a\u0007': '' }],
    ['a name with a backslash', { 'base/a\\b': '' }],
  ])('refuses %s', (_, contents) => {
    expect(failure(template(contents))).toMatchObject({ code: 'TEMPLATE_UNSAFE' });
  });

  it('refuses a pipe and a socket instead of waiting for them', async () => {
    const folder = template({ 'base/a': '' });
    execFileSync('mkfifo', [join(folder, 'base/pipe')]);
    expect(failure(folder)).toMatchObject({
      code: 'TEMPLATE_UNSAFE',
      message: expect.stringContaining('not a regular'),
    });
    const other = template({ 'base/a': '' });
    const server = createServer();
    await new Promise<void>((listening) => server.listen(join(other, 'base/socket'), listening));
    expect(failure(other)).toMatchObject({ code: 'TEMPLATE_UNSAFE' });
    await new Promise((closed) => server.close(closed));
  });

  it('refuses a template.json that is a pipe or a link', () => {
    const folder = temporaryFolder({ 'base/a': '' });
    execFileSync('mkfifo', [join(folder, 'template.json')]);
    expect(failure(folder)).toMatchObject({ code: 'TEMPLATE_UNSAFE' });
    const linked = temporaryFolder({
      'base/a': '',
      'head.json': JSON.stringify(HEAD),
      'template.json': { link: 'head.json' },
    });
    expect(failure(linked)).toMatchObject({ code: 'TEMPLATE_UNSAFE' });
  });

  it('allows 10 MB a file, and not one byte more', () => {
    const folder = template({ 'base/big': '' });
    truncateSync(join(folder, 'base/big'), 10 * 1024 * 1024);
    expect(readTemplate(readFolderTree(folder)).layers[0]?.files[0]?.bytes.length).toBe(10 * 1024 * 1024);
    truncateSync(join(folder, 'base/big'), 10 * 1024 * 1024 + 1);
    expect(failure(folder)).toMatchObject({
      code: 'TEMPLATE_UNSAFE',
      message: 'template base/big: is larger than 10485760 bytes',
    });
  });

  it('allows 5,000 files with template.json, and not one more', () => {
    const folder = template({ 'base/': '', 'more/': '' }, { ...HEAD, layers: [{ path: 'base' }, { path: 'more' }] });
    for (let index = 0; index < 4_999; index += 1) {
      const at = join(folder, index % 2 ? 'base' : 'more', `${index % 50}`);
      mkdirSync(at, { recursive: true });
      writeFileSync(join(at, `${index}`), '');
    }
    expect(readTemplate(readFolderTree(folder)).layers.flatMap(({ files }) => files)).toHaveLength(4_999);
    writeFileSync(join(folder, 'more/one'), '');
    expect(failure(folder)).toMatchObject({ code: 'TEMPLATE_UNSAFE', message: expect.stringContaining('5000 files') });
  });

  it('is compiled when it is loaded, and a mistake has file and line', () => {
    const load = (contents: Contents) =>
      loadTemplateFolder(template(contents), { source: 'x', version: '1', variables: variablesOf({ name: 'sample' }) });
    const [file] = load({ 'base/a.txt.hbs': 'a {{name}}' }).layers[0]?.files() ?? [];
    expect(Buffer.from(file?.render?.({ name: 'orders' }) ?? []).toString()).toBe('a orders');
    expect(() => load({ 'base/a.txt.hbs': '\n{{nmae}}' })).toThrow('template base/a.txt.hbs:2: there is no variable');
    expect(() => load({ 'base/a.txt.hbs': Uint8Array.of(0xff) })).toThrow('is not UTF-8 text');
    expect(load({ 'base/a.bin': Uint8Array.of(0xff, 0) }).layers[0]?.files()[0]?.content).toEqual(Buffer.of(0xff, 0));
  });
});

describe('layers that stacks share', () => {
  const SHARED = { ...HEAD, layers: [{ path: 'common/base' }, { path: 'base' }] };

  /** A stack next to the folder that it shares. */
  function stack(contents: Contents, common: Contents, head: object = SHARED): string {
    const below = (folder: string, files: Contents) =>
      Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content] as const);
    const folder = temporaryFolder({
      'go/template.json': JSON.stringify(head),
      ...Object.fromEntries([...below('go', contents), ...below('common', common)]),
    });
    return join(folder, 'go');
  }

  const texts = (folder: string): Record<string, string> =>
    Object.fromEntries(
      readTemplateFolder(folder).layers.flatMap(({ files }) =>
        files.map(({ source, bytes }) => [source, Buffer.from(bytes).toString()]),
      ),
    );

  const broken = (folder: string, message: string) =>
    expect(() => readTemplateFolder(folder)).toThrow(expect.objectContaining({ code: 'TEMPLATE_BROKEN', message }));

  it('are read from common/ next to the stack, those of a generator from its folder there', () => {
    expect(texts(stack({ 'base/a': '1' }, { 'base/b': '2', 'other/c': '3' }))).toEqual({
      'base/a': '1',
      'common/base/b': '2',
    });
    const root = temporaryFolder({
      'go/worker/template.json': JSON.stringify({ ...HEAD, layers: [{ path: 'common/base' }] }),
      'common/worker/base/b': '2',
    });
    expect(texts(join(root, 'go/worker'))).toEqual({ 'common/base/b': '2' });
  });

  it("have the stack's words and lines in them, which its own files do not", () => {
    const ci =
      'steps:\n{{#> check}}\n  - none\n{{/check}}\n{{#> team}}\n{{/team}}\n- {{program}} \\{{program}} {{name}}\n';
    const folder = stack(
      { 'base/a.hbs': '{{program}}', 'blocks/check.hbs': '  - go vet\n{{#> more}}\n{{/more}}\n' },
      { 'base/ci.hbs': ci, 'base/plain': '{{program}}' },
      { ...SHARED, variables: { program: 'orders $1' } },
    );
    expect(texts(folder)).toEqual({
      'base/a.hbs': '{{program}}',
      'common/base/ci.hbs':
        'steps:\n  - go vet\n{{#> more}}\n{{/more}}\n{{#> team}}\n{{/team}}\n- orders $1 \\{{program}} {{name}}\n',
      'common/base/plain': '{{program}}',
    });
    expect(readTemplateFolder(folder).blockNames).toEqual(['more', 'team']);
  });

  it('are part of the integrity of the template, including the words in them', () => {
    const integrity = (common: Contents, program = 'x') =>
      readTemplateFolder(stack({ 'base/a': '1' }, common, { ...SHARED, variables: { program } })).integrity;
    const one = integrity({ 'base/b.hbs': '{{program}}' });
    expect(integrity({ 'base/b.hbs': '{{program}}', 'other/c': '' })).toBe(one);
    expect(integrity({ 'base/b.hbs': '{{program}} ' })).not.toBe(one);
    expect(integrity({ 'base/b.hbs': '{{program}}' }, 'y')).not.toBe(one);
  });

  it('are broken if the stack has a value without a place, or a value that is not text', () => {
    const say = (variables: object, own: Contents = {}) =>
      stack({ 'base/a': '1', ...own }, { 'base/b.hbs': '{{program}}\n' }, { ...SHARED, variables });
    broken(
      say({ program: 'x', lockfile: 'y' }),
      'template template.json: no file of common/ has a place for "lockfile"',
    );
    broken(
      say({ program: 'x' }, { 'blocks/check.hbs': '' }),
      'template template.json: no file of common/ has a place for "check"',
    );
    for (const value of [1, 'a\nb', '{{name}}'])
      broken(say({ program: value }), 'template template.json: the variable "program" is not one line of plain text');
    broken(say([]), 'template template.json: has "variables" that are no map of texts');
  });

  it('are not read for a template that names none; then common/ is a normal folder of it', () => {
    const alone = stack({ 'base/a': '1', 'blocks/x.hbs': '' }, { 'base/b': { link: '/etc/passwd' } }, HEAD);
    expect(texts(alone)).toEqual({ 'base/a': '1' });
    expect(texts(stack({ 'base/a': '1', 'common/base/b': 'own' }, { 'base/b': 'other' }))).toEqual({
      'base/a': '1',
      'common/base/b': 'own',
    });
    broken(template({ 'base/a': '' }, SHARED), 'template common/base: is named in template.json, and has no files');
  });
});
