import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashContent } from '../../engine/core/tree.ts';
import { snapshot } from './folder.ts';

/** The files of the team and of the standard, with their hashes. */
export function filesOf(cwd: string): Record<string, string> {
  const paths = Object.entries(snapshot(cwd)).filter(
    ([path, what]) => !what.startsWith('folder') && !/^\.(git|twelve)\b/.test(path),
  );
  return Object.fromEntries(paths.map(([path]) => [path, hashContent(readFileSync(join(cwd, path)))]));
}

/** Turns what is recorded into what an older version recorded. */
export function age(cwd: string): void {
  const folder = join(cwd, '.twelve/additions');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const records = names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const manifest = JSON.parse(readFileSync(join(cwd, '.twelve.json'), 'utf8'));
  const isShared = (path: string) => records.some(({ shared = {} }) => Object.hasOwn(shared, path));
  const hashes = Object.entries(filesOf(cwd)).map(([path, hash]) => [
    path,
    { hash, owner: manifest.files[path]?.owner ?? (isShared(path) ? 'managed' : 'seeded') },
  ]);
  const additions = Object.fromEntries(
    records.map(({ generator, name, answers }) => [`${generator} ${name}`, answers]),
  );
  const { template, presets, answers } = manifest;
  const head = JSON.stringify({ schema: 1, template, presets, answers }, null, 2).replace(/\n}$/, '');
  const old = { ...(names.length > 0 ? { additions } : {}), files: Object.fromEntries(hashes) };
  // One line for each entry, as an older version wrote it.
  const maps = Object.entries(old).map(([name, map]) => {
    const lines = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
    return `  "${name}": {\n${lines.map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(',\n')}\n  }`;
  });
  writeFileSync(join(cwd, '.twelve.json'), `${[head, ...maps].join(',\n')}\n}\n`);
  rmSync(join(cwd, '.twelve'), { recursive: true, force: true });
}
