// @module-tag wider
import { symlinkSync, utimesSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { recover } from '../../engine/io/apply/undo.ts';
import { runCreate } from '../../generators/create/run.ts';
import { campaign } from '../support/extent.ts';
import { type Contents, filesIn, snapshot, withFolder } from '../support/folder.ts';
import { templateFrom, templateInMemory } from '../support/template.ts';

/** Law 9. No template, manifest or journal writes outside the target, follows a link out of it, or runs code. */

const hostileSegment = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    '...',
    '~',
    '.git',
    '.GIT',
    '.g\u200dit',
    'git~1',
    '.git ',
    '.git.',
    '.ＧＩＴ',
    'con',
    'aux.txt',
    'nul',
    'a:b',
    'C:',
    'x.',
    'y ',
    '\\..',
    '..\\',
    '%2e%2e',
    '__proto__',
    'constructor',
    'prototype',
    '__name__',
    '-rf',
    '\u202e',
    'a\0b',
    'a\nb',
    'é',
    'e\u0301',
    '\ud800',
  ),
  fc.string({ maxLength: 6, unit: 'binary' }),
  fc.constantFrom('src', 'a.txt', 'deep'),
);
const hostilePath = fc.array(hostileSegment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

async function outcomeOf(run: () => Promise<unknown>): Promise<UserError | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    expect(error, String((error as Error).stack)).toBeInstanceOf(UserError);
    return error as UserError;
  }
}

describe('law 9: nothing leaves the target', () => {
  it('a path that is accepted stays inside on every system, and names no .git', () => {
    fc.assert(
      fc.property(hostilePath, (path) => {
        let accepted: string;
        try {
          accepted = parseRepoPath(path);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        expect(posix.resolve('/target', accepted).startsWith('/target/')).toBe(true);
        expect(win32.resolve('C:\\target', accepted).startsWith('C:\\target\\')).toBe(true);
        expect(posix.normalize(accepted)).toBe(accepted);
        for (const segment of accepted.split('/')) {
          expect(
            segment
              .normalize('NFKC')
              .replace(/\p{Cf}/gu, '')
              .toLowerCase()
              .replace(/[. ]+$/, ''),
          ).not.toBe('.git');
          expect(segment).not.toMatch(/[\p{Cc}\\:]/u);
        }
      }),
      campaign(2000),
    );
  });

  it('a template of hostile paths writes below the target or nothing at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(hostilePath, { minLength: 1, maxLength: 3 }), (paths) =>
        withFolder({ 'outside/secret': 'mine', 'work/': '' }, async (folder) => {
          const template = templateInMemory(Object.fromEntries(paths.map((path) => [path.replace(/\.hbs$/, ''), 'x'])));
          const cwd = join(folder, 'work');
          const before = snapshot(folder);
          const refused = await outcomeOf(() =>
            runCreate({ name: 'orders' }, { cwd, overwrite: false, planOnly: false, template }),
          );
          const after = snapshot(folder);
          if (refused) expect([refused.exit, after]).toEqual([refused.code.startsWith('DISK') ? 7 : 6, before]);
          else expect(filesIn(folder).filter((path) => !path.startsWith('work/orders/'))).toEqual(['outside/secret']);
        }),
      ),
      campaign(300),
    );
  });

  it('links in the target are never followed by a write, wherever they are', async () => {
    const place = fc.constantFrom(
      'README.md',
      'src',
      'src/deep',
      'src/deep/a.txt',
      '.twelve-backup',
      '.twelve-stage',
      '.twelve.json',
    );
    const goal = fc.constantFrom('../outside', '../outside/secret', '/nonexistent/x', '.', 'loop');
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(place, goal, { maxKeys: 2, minKeys: 1, noNullPrototype: true }),
        fc.boolean(),
        (links, overwrite) => {
          const parents = Object.keys(links).filter(
            (path) => !Object.keys(links).some((other) => path.startsWith(`${other}/`)),
          );
          const contents: Contents = Object.fromEntries([
            ['outside/secret', 'mine'],
            ['outside/deep/a.txt', 'mine'],
            ['orders/mine.txt', 'mine'],
            ...parents.map((path) => [`orders/${path}`, { link: links[path] ?? '' }]),
          ]);
          return withFolder(contents, async (cwd) => {
            const template = templateInMemory({ 'README.md': 'x', 'src/deep/a.txt': 'x', secret: 'x' });
            const before = snapshot(cwd);
            const refused = await outcomeOf(() =>
              runCreate({ name: 'orders' }, { cwd, overwrite, planOnly: false, template }),
            );
            // A link at the folder for backups matters only if there is a backup.
            const untouched = parents.every((path) => path === '.twelve-backup') && overwrite;
            expect(refused?.exit).toBe(untouched ? undefined : 3);
            if (!untouched) expect(snapshot(cwd)).toEqual(before);
            expect(filesIn(join(cwd, 'outside'))).toEqual(['deep/a.txt', 'secret']);
            expect(snapshot(join(cwd, 'outside'))).toMatchObject({
              secret: 'file 644 mine',
              'deep/a.txt': 'file 644 mine',
            });
          });
        },
      ),
      campaign(60),
    );
  });

  it('a journal from an attacker moves nothing into the target and nothing out of it', async () => {
    const path = fc.oneof(hostilePath, fc.constantFrom('secret', 'mine.txt', 'new.txt'));
    const entry = fc.record(
      {
        kind: fc.constantFrom('create', 'update', 'delete', 'other'),
        path,
        beforeHash: fc.constant('x'),
        afterHash: fc.constant('y'),
      },
      { requiredKeys: ['kind', 'path'] },
    );
    const journal = fc.oneof(
      fc
        .record({
          schema: fc.constant(1),
          owner: fc.constant('..twelve-stage-elsewhere-1-00000000'),
          folders: fc.array(path, { maxLength: 2 }),
          removed: fc.array(fc.record({ path, mode: fc.nat(0o7777) }), { maxLength: 2 }),
          entries: fc.array(entry, { maxLength: 3 }),
        })
        .map((value) => JSON.stringify(value)),
      fc.constantFrom('', '{', 'null', '[]', '{"entries": 1, "folders": []}', '{"__proto__": {"entries": []}}'),
    );
    await fc.assert(
      fc.asyncProperty(journal, fc.constantFrom('old', 'new', 'none'), (text, linked) =>
        withFolder(
          { 'outside/secret': 'mine', 'orders/mine.txt': 'mine', 'orders/.twelve-stage/journal.json': text },
          async (cwd) => {
            if (linked !== 'none') addLink(cwd, linked);

            utimesSync(join(cwd, 'orders/.twelve-stage'), 0, 0);
            await outcomeOf(async () => recover(join(cwd, 'orders')));
            expect(snapshot(join(cwd, 'outside'))).toMatchObject({ secret: 'file 644 mine' });
            expect(filesIn(cwd).filter((file) => !file.includes('.twelve-stage'))).toEqual([
              'orders/mine.txt',
              'outside/secret',
            ]);
          },
        ),
      ),
      campaign(200),
    );
  });

  it('names of the object prototype are normal names', async () => {
    const files = ['base/constructor', 'base/toString/valueOf', 'base/hasOwnProperty.json'];
    const template = await templateFrom({
      files: Object.fromEntries(files.map((path) => [path, '{"__proto__": {"polluted": true}}'])),
    });
    await withFolder({}, async (cwd) => {
      await runCreate({ name: 'orders' }, { cwd, overwrite: false, planOnly: false, template });
      const manifest = JSON.parse(snapshot(cwd)['orders/.twelve.json']?.replace(/^file \d+ /, '') ?? '');
      expect(Object.keys(manifest.files)).toEqual(['constructor', 'hasOwnProperty.json', 'toString/valueOf']);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    });
  });

  it.each([
    '.twelve.json',
    '.twelve-stage/journal.json',
    '.TWELVE-stage/new/a',
    '.twelve-backup/x',
    '.x.twelve-stage-vm-1-00000000/a',
  ])('a template may not write %s, which the program reserves for itself', async (path) => {
    await withFolder({}, async (cwd) => {
      const template = templateInMemory({ [path]: 'x' });
      const refused = await outcomeOf(() =>
        runCreate({ name: 'orders' }, { cwd, overwrite: false, planOnly: false, template }),
      );
      expect([refused?.exit, filesIn(cwd)]).toEqual([6, []]);
    });
  });
});

function addLink(cwd: string, side: string): void {
  symlinkSync('../../outside', join(cwd, 'orders/.twelve-stage', side));
}
