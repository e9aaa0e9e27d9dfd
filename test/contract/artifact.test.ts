import { lstatSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyArtifact } from '../../contract/harness/artifact.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { filesIn, temporaryFolder } from '../support/folder.ts';

const target = (folder: string): ProcessTarget => ({
  kind: 'process',
  name: 'x',
  folder,
  command: [join(folder, '.venv/bin/serve'), 'app.py'],
});
const isLink = (path: string) => lstatSync(path).isSymbolicLink();

describe('a copy of a foreign folder', () => {
  const contents = {
    'app.py': 'print(1)\n',
    '.git/HEAD': 'ref',
    '.venv/bin/serve': { run: '#!/bin/sh\n' },
    'other-environment/pyvenv.cfg': '',
    'vendor/a/Cargo.toml': '',
    'front/node_modules/b/package.json': '{}',
    'target/release/orders': 'program',
    'src/target.rs': '',
    'migrations/0001.up.sql': 'SELECT 1;\n',
  };

  test('links what others wrote and what was built, wherever it is, and copies the rest', () => {
    const folder = temporaryFolder(contents);
    const copy = copyArtifact(target(folder), temporaryFolder(), { files: { 'migrations/0002.up.sql': '' } });
    for (const linked of ['.venv', 'other-environment', 'vendor', 'front/node_modules', 'target'])
      expect(readlinkSync(join(copy.folder, linked)), linked).toBe(join(folder, linked));
    expect(filesIn(copy.folder).filter((path) => !isLink(join(copy.folder, path)))).toEqual([
      'app.py',
      'migrations/0001.up.sql',
      'migrations/0002.up.sql',
      'src/target.rs',
    ]);
    expect(copy.command).toEqual([join(copy.folder, '.venv/bin/serve'), 'app.py']);
  });

  test('has its own build where it is built, with the times that a build goes by', () => {
    const folder = temporaryFolder(contents);
    const copy = copyArtifact(target(folder), temporaryFolder(), { isBuilt: true });
    expect(isLink(join(copy.folder, 'target'))).toBe(false);
    expect(readFileSync(join(copy.folder, 'target/release/orders'), 'utf8')).toBe('program');
    const time = (at: string) => Math.round(statSync(join(at, 'src/target.rs')).mtimeMs);
    expect(time(copy.folder)).toBe(time(folder));
    expect(isLink(join(copy.folder, '.venv'))).toBe(true);
  });

  test('has its own build also as a copy of a copy', () => {
    const folder = temporaryFolder(contents);
    const first = copyArtifact(target(folder), temporaryFolder());
    const second = copyArtifact(first, temporaryFolder(), { isBuilt: true });
    writeFileSync(join(second.folder, 'target/release/orders'), 'built again');
    expect(readFileSync(join(folder, 'target/release/orders'), 'utf8')).toBe('program');
    expect(readlinkSync(join(second.folder, 'other-environment'))).toBe(join(folder, 'other-environment'));
  });

  test('never writes through a link', () => {
    const folder = temporaryFolder(contents);
    const copy = copyArtifact(target(folder), temporaryFolder(), { files: { 'vendor/a/Cargo.toml': 'changed' } });
    expect(readFileSync(join(copy.folder, 'vendor/a/Cargo.toml'), 'utf8')).toBe('changed');
    expect(readFileSync(join(folder, 'vendor/a/Cargo.toml'), 'utf8')).toBe('');
  });
});
