import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const ROOMS = ['bin', 'generators', 'maintenance', 'report', 'stacks', 'engine', 'contract', 'bench', 'scripts'];
const EXPORT = /^export (?:abstract |async )*(?:const|function\*?|class|type|interface) (\w+)/gm;

/** It takes the place of packages, and exports what their users import. */
const STAND_IN = 'engine/io/not-bundled.ts';

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: ROOT,
  encoding: 'utf8',
});
const files = listed.split('\0').filter((file) => /^(?!templates\/)./.test(file) && existsSync(join(ROOT, file)));
const texts = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));

it('every export is used in another file', () => {
  const users = new Map<string, Set<string>>();
  for (const [file, text] of texts)
    for (const [word] of text.matchAll(/\w+/g)) users.set(word, (users.get(word) ?? new Set()).add(file));
  const exported = [...texts]
    .filter(([file]) => ROOMS.some((room) => file.startsWith(`${room}/`)) && file !== STAND_IN)
    .flatMap(([file, text]) => [...text.matchAll(EXPORT)].map(([, name = '']) => ({ file, name })));
  expect(exported.length).toBeGreaterThan(500);
  const unused = exported.filter(({ name }) => users.get(name)?.size === 1);
  expect(unused.map(({ file, name }) => `${file} ${name}`)).toEqual([]);
});
