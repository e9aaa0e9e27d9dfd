import { expect, it } from 'vitest';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { Owner } from '../../engine/core/template/template.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { readServiceFiles } from '../../engine/io/service/read-service.ts';
import { isComparable } from '../../maintenance/audit/edits.ts';
import { auditFiles } from '../../maintenance/audit/files.ts';
import { temporaryFolder, write } from '../support/folder.ts';
import { run } from '../support/program.ts';

/** What an audit says about what additions brought and edited. */

const PATH = 'src/platform/shared.ts';
const manifest = (more: Partial<Manifest> = {}): Manifest => ({
  schema: 2,
  template: { source: 'x', version: '1', integrity: 'x' },
  answers: { name: 'orders', stack: 'typescript' },
  additions: [
    { generator: 'add-client', name: 'payments', answers: {}, shared: { [PATH]: 'old' } },
    { generator: 'add-client', name: 'billing', answers: {}, shared: { [PATH]: 'between' } },
  ],
  files: { 'package.json': { hash: 'p', owner: 'merged' }, 'README.md': { hash: 'r', owner: 'merged' } },
  ...more,
});
const NOTHING = { names: [], missing: [], different: [], strangers: [] };
const states = (
  value: Manifest,
  read: object,
  shared: Record<string, string>,
  current?: Record<string, string>,
  owner: Owner = 'managed',
) => {
  const folder = new ServiceFolder(temporaryFolder());
  const rendered = current && new Map(Object.entries(current).map(([path, hash]) => [path, { hash } as never]));
  const { files } = auditFiles(value, { ...NOTHING, manifest: value, ...read }, folder, {
    shared: new Map(Object.entries(shared).map(([path, hash]) => [path, { hash, owner }])),
    ...(rendered ? { current: rendered } : {}),
  });
  return files.map(({ path, owner, state }) => [path, owner, state]);
};

it('a shared file is managed: as it was brought, edited, missing, or behind', () => {
  expect(states(manifest(), {}, { [PATH]: 'old' })).toEqual([]);
  expect(states(manifest(), {}, { [PATH]: 'between' })).toEqual([]);
  expect(states(manifest(), {}, { [PATH]: 'new' })).toEqual([[PATH, 'managed', 'behind']]);
  expect(states(manifest(), { different: [[PATH]] }, { [PATH]: 'old' })).toEqual([[PATH, 'managed', 'edited']]);
  expect(states(manifest(), { missing: [PATH] }, { [PATH]: 'old' })).toEqual([[PATH, 'managed', 'missing']]);
});

it('a shared file that is for the team to edit is no finding', () => {
  const read = { different: [[PATH]] };
  expect(states(manifest(), read, { [PATH]: 'old' }, undefined, 'merged')).toEqual([[PATH, 'merged', 'edited']]);
});

it('a shared file that an upgrade recorded is compared with the shared files, not with the template', () => {
  const { files } = manifest();
  const upgraded = manifest({ files: { ...files, [PATH]: { hash: 'new', owner: 'managed' } } });
  const current = { 'package.json': 'p', 'README.md': 'r' };
  expect(states(upgraded, {}, { [PATH]: 'new' }, current)).toEqual([]);
  expect(states(upgraded, {}, { [PATH]: 'newer' }, current)).toEqual([[PATH, 'managed', 'behind']]);
});

it('lines that an addition put into a file are no edit that the standard could take', () => {
  const value = manifest();
  const read = { ...NOTHING, manifest: value, different: [['package.json'], ['README.md']] as [string][] };
  const { files } = auditFiles(value, read, new ServiceFolder(temporaryFolder()), {});
  expect(files.map(({ path, note }) => [path, note])).toEqual([
    ['README.md', undefined],
    ['package.json', 'add-client payments put lines in'],
  ]);
  expect(files.filter(isComparable).map(({ path }) => path)).toEqual(['README.md']);
});

it('a service says so itself: shared files are found with the hashes of their additions', async () => {
  const cwd = temporaryFolder();
  expect((await run(['orders', '--dir', '.', '--yes', '--no-git', '--no-install'], { cwd })).code).toBe(0);
  expect((await run(['add-task', 'reindex', '--yes'], { cwd })).code).toBe(0);
  expect(readServiceFiles(cwd)).toMatchObject({ missing: [], different: [], strangers: [] });
  write(cwd, { 'src/platform/task.ts': 'mine\n' });
  const audit = await run(['audit', '--format', 'json'], { cwd });
  expect(JSON.parse(audit.stdout).services[0].findings).toMatchObject([
    { rule: 'drift/edited', path: 'src/platform/task.ts' },
  ]);
  const explained = await run(['explain', 'src/platform/task.ts', '--format', 'json'], { cwd });
  expect(JSON.parse(explained.stdout)).toMatchObject({ owner: 'managed', state: 'edited' });
  const record = await run(['explain', '.twelve/additions/task-reindex.json', '--format', 'json'], { cwd });
  expect(JSON.parse(record.stdout)).toMatchObject({ state: 'kept by this program' });
});
