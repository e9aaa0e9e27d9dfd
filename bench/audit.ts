import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashContent } from '../engine/core/tree.ts';
import { plainEnvironment } from './process.ts';
import type { Subject, Task } from './rounds.ts';
import { START_SUBJECTS } from './subjects.ts';
import type { Workshop } from './workshop.ts';

const NODE = process.execPath;
const FILES = 40;

/** Many services at once. The first is what the others are compared with. */
export const AUDIT_SUBJECTS: readonly Subject<Workshop>[] = [
  ...START_SUBJECTS.slice(0, 1),
  {
    id: 'audit',
    title: 'audit, 1,000 services x 40 files',
    prepare: (workshop) => auditTask(workshop, 1_000),
  },
  {
    id: 'audit-10k',
    title: 'audit, 10,000 services x 40 files',
    prepare: (workshop) => auditTask(workshop, 10_000),
  },
  {
    id: 'audit-behind',
    title: 'audit, 200 services of another version',
    prepare: (workshop) => auditTask(workshop, 200, { isBehind: true }),
  },
];

/** One file in ten services is edited, so that somebody has to look. */
function auditTask(workshop: Workshop, services: number, how: { isBehind?: boolean } = {}): Task {
  const { product, home, scratch } = workshop;
  const folder = join(scratch, `fleet-${services}${how.isBehind ? '-behind' : ''}`);
  const index = join(product.bin, '../templates/typescript/index.json');
  const { integrity, version } = JSON.parse(readFileSync(index, 'utf8')) as { integrity: string; version: string };
  const template = {
    source: 'create-twelve-service/typescript',
    version: how.isBehind ? '0.0.1' : version,
    integrity: how.isBehind ? hashContent('another') : integrity,
  };
  const names = Array.from({ length: services }, (_, at) => `service-${at}`);
  for (const [at, name] of names.entries()) writeService(join(folder, name), name, template, at % 10 === 0);
  const list = join(folder, 'fleet.txt');
  writeFileSync(list, `${names.join('\n')}\n`);
  const args = [product.bin, 'audit', '--from', list];
  return {
    // Some files are edited, which needs a person: that is exit code 4, and what was asked for.
    command: (cwd) => ({
      argv: ['/bin/sh', '-c', '"$@"; test $? -eq 4', 'audit', NODE, ...args],
      cwd,
      env: plainEnvironment(home),
    }),
  };
}

/** 40 files of 1 to 4 kB in 8 folders: what the built-in template has, half as many. */
function writeService(folder: string, name: string, template: object, isEdited: boolean): void {
  const files: Record<string, { hash: string; owner: string }> = {};
  for (let at = 0; at < FILES; at += 1) {
    const path = `src/part-${at % 8}/file-${at}.ts`;
    const text = `// ${name}\n${`export const value${at} = "${path}";\n`.repeat(20 + at * 2)}`;
    files[path] = { hash: hashContent(text), owner: 'managed' };
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), isEdited && at === 0 ? `${text}// edited\n` : text);
  }
  const answers = { name, stack: 'typescript', database: 'none', cache: 'none', ci: 'none', port: 8080, registry: '' };
  writeFileSync(join(folder, '.twelve.json'), JSON.stringify({ schema: 1, template, answers, files }, null, 2));
}
