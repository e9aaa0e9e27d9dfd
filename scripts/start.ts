import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/**
 * `npm start -- ../orders [options of the generator]`: makes the service from this source tree and runs it.
 * A folder that is a service already is only run.
 */
const [folder, ...options] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-')) {
  process.stderr.write('usage: npm start -- FOLDER [options], e.g. npm start -- ../orders --cache redis\n');
  process.exit(2);
}
const target = resolve(folder);
const run = (command: string, args: readonly string[], cwd?: string): void => {
  const { status, signal } = spawnSync(command, args, { stdio: 'inherit', ...(cwd === undefined ? {} : { cwd }) });
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 143));
};
if (!existsSync(join(target, '.twelve.json'))) {
  const program = join(import.meta.dirname, '../dist/bin.cjs');
  run(process.execPath, [program, basename(target), '--dir', target, ...options]);
}
if (!existsSync(join(target, 'node_modules'))) run('npm', ['ci'], target);
run('npm', ['run', 'dev'], target);
