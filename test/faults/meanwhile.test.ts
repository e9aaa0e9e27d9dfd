// @module-tag node
import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { recover } from '../../engine/io/apply/undo.ts';
import { runCreate } from '../../generators/create/run.ts';
import { filesIn, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { templateInMemory } from '../support/template.ts';

/**
 * Changes of the target by another process at the worst moment: everything is staged and nothing has changed yet. Two
 * real runs rarely meet there (target-folder.test.ts starts two), so these tests make the change at that moment.
 */
const template = templateInMemory({ 'README.md': '# Made\n', 'src/a.txt': 'made\n' });

async function refusal(cwd: string, overwrite: boolean, meanwhile: () => void): Promise<UserError> {
  const beforeCommit = async (): Promise<void> => meanwhile();
  try {
    await runCreate({ name: 'orders' }, { cwd, overwrite, planOnly: false, template, beforeCommit });
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('the run was not refused');
}

const withoutStages = (cwd: string): string[] => filesIn(cwd).filter((path) => !path.includes('twelve-stage'));

describe('in the meantime', () => {
  it('another process makes the target: 3, and its files are not touched', async () => {
    const cwd = temporaryFolder();
    const error = await refusal(cwd, false, () => write(cwd, { 'orders/README.md': 'theirs' }));
    expect([error.code, error.exit]).toEqual(['TARGET_BUSY', 3]);
    expect(readFileSync(join(cwd, 'orders/README.md'), 'utf8')).toBe('theirs');
    expect(filesIn(cwd)).toEqual(['orders/README.md']);
  });

  it('another run locks the folder: 3, and its lock is not touched', async () => {
    const cwd = temporaryFolder({ 'orders/README.md': 'mine' });
    const error = await refusal(cwd, true, () => write(cwd, { 'orders/.twelve-stage/journal.json': '{}' }));
    expect([error.code, error.exit]).toEqual(['TARGET_BUSY', 3]);
    expect(filesIn(cwd)).toEqual(['orders/.twelve-stage/journal.json', 'orders/README.md']);
    expect(readFileSync(join(cwd, 'orders/README.md'), 'utf8')).toBe('mine');
  });

  it.each<[string, (orders: string) => void]>([
    ['edits a file that would be replaced', (orders) => writeFileSync(join(orders, 'README.md'), 'edited')],
    ['removes a file that would be replaced', (orders) => rmSync(join(orders, 'README.md'))],
    ['makes a file that would be created', (orders) => write(orders, { 'src/a.txt': 'theirs' })],
    ['puts a link where a folder would be', (orders) => symlinkSync('../outside', join(orders, 'src'))],
    ['puts a link where a file would be', (orders) => write(orders, { 'src/a.txt': { link: '../../outside/a.txt' } })],
  ])('another process %s: 3, and its files are not touched', async (_what, meanwhile) => {
    const cwd = temporaryFolder({ 'orders/README.md': 'mine', 'outside/': '' });
    let left: unknown;
    const error = await refusal(cwd, true, () => {
      meanwhile(join(cwd, 'orders'));
      left = withoutStages(cwd).map((path) => [path, snapshot(cwd)[path]]);
    });
    expect([error.code, error.exit]).toEqual(['TARGET_CHANGED', 3]);
    expect(filesIn(cwd).map((path) => [path, snapshot(cwd)[path]])).toEqual(left);
  });

  it('the run is cancelled: nothing is left', async () => {
    for (const contents of [{}, { 'orders/README.md': 'mine' }]) {
      const cwd = temporaryFolder(contents);
      const before = snapshot(cwd);
      await refusal(cwd, true, () => {
        throw new UserError('INTERRUPTED', 'interrupted', 'Run it again.');
      });
      expect(snapshot(cwd)).toEqual(before);
    }
  });

  it('a restored file is the same inode, with its mode', async () => {
    const cwd = temporaryFolder({ 'orders/README.md': 'mine' });
    const file = join(cwd, 'orders/README.md');
    chmodSync(file, 0o640);
    const { ino, mtimeMs } = statSync(file);
    await expect(failAfterReplacing(cwd)).rejects.toThrow();
    expect(statSync(file)).toMatchObject({ ino, mtimeMs, mode: 0o100640 });
  });
});

/** README.md sorts before src, so it is replaced before src/a.txt fails because of the folder in the way. */
async function failAfterReplacing(cwd: string): Promise<void> {
  const { default: fs } = await import('node:fs');
  const link = fs.linkSync;
  fs.linkSync = (from, to) => {
    if (String(to).endsWith('orders/src/a.txt'))
      throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'link' });
    link(from, to);
  };
  try {
    await runCreate({ name: 'orders' }, { cwd, overwrite: true, planOnly: false, template });
  } finally {
    fs.linkSync = link;
  }
}

describe('a journal from an attacker', () => {
  const OWNER = '..twelve-stage-elsewhere-1-00000000';
  const MINE = hashContent('mine');

  it.each<[string, object[], string[], Record<string, { link: string }>]>([
    ['removes a file outside', [{ kind: 'create', path: '../outside/secret', afterHash: MINE }], [], {}],
    ['removes a folder outside', [], ['../outside/empty'], {}],
    [
      'removes a file behind a link',
      [{ kind: 'create', path: 'link/secret', afterHash: MINE }],
      [],
      { 'orders/link': { link: '../outside' } },
    ],
    ['removes a folder behind a link', [], ['link/empty'], { 'orders/link': { link: '../outside' } }],
    [
      'fetches a file from behind a link',
      [{ kind: 'delete', path: 'secret' }],
      [],
      { 'orders/.twelve-stage/old': { link: '../../outside' } },
    ],
  ])('%s: refused', (_what, entries, folders, links) => {
    const journal = JSON.stringify({ schema: 1, owner: OWNER, folders, entries });
    const cwd = temporaryFolder({
      'outside/secret': 'mine',
      'outside/empty/': '',
      'orders/.twelve-stage/journal.json': journal,
      ...links,
    });
    utimesSync(join(cwd, 'orders/.twelve-stage'), 0, 0);
    const before = snapshot(join(cwd, 'outside'));
    try {
      recover(join(cwd, 'orders'));
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).exit).toBe(3);
    }
    expect(snapshot(join(cwd, 'outside'))).toEqual(before);
    expect(filesIn(cwd).filter((path) => path.startsWith('orders/') && path.includes('secret'))).toEqual([]);
  });

  it('of a run on another machine is kept for a day, and then removed', () => {
    const journal = JSON.stringify({
      schema: 1,
      owner: OWNER,
      folders: [],
      entries: [{ kind: 'create', path: 'a', afterHash: MINE }],
    });
    const cwd = temporaryFolder({ 'orders/.twelve-stage/journal.json': journal, 'orders/a': 'mine' });
    const orders = join(cwd, 'orders');
    expect(() => recover(orders)).toThrow('another run is at work');
    const yesterday = Date.now() / 1000 - 25 * 60 * 60;
    utimesSync(join(orders, '.twelve-stage'), yesterday, yesterday);
    expect(recover(orders)).toEqual([`an interrupted run in ${orders} was rolled back`]);
    expect(filesIn(cwd)).toEqual([]);
  });
});
