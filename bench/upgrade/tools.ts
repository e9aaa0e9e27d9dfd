import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { plainEnvironment } from '../process.ts';
import { CASE } from './case.ts';

/** A tool that updates what was generated. */
interface Tool {
  readonly name: string;
  readonly version: string;
  /** A service of the first version, edited and committed; `update` runs in a copy of it. */
  readonly service: string;
  readonly env: NodeJS.ProcessEnv;
  readonly update: readonly [string, ...string[]];
}

type Files = Readonly<Record<string, string | undefined>>;

/** Writes files. A file without a text is deleted. */
function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    if (text === undefined) rmSync(file, { force: true });
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

function named(files: Files, name: string): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text?.replaceAll('NAME', name)]));
}

/** Makes each tool's template in two versions and its edited service. What cannot be installed is left out and reported. */
export function prepareTools(scratch: string, bin: string): { tools: Tool[]; missing: string[] } {
  const home = join(scratch, 'home');
  mkdirSync(home, { recursive: true });
  const missing: string[] = [];
  const tools = [ours(scratch, home, bin)];
  const peers = join(scratch, 'peers');
  try {
    execFileSync('python3', ['-m', 'venv', peers], { stdio: 'ignore' });
    execFileSync(join(peers, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', 'copier', 'cruft'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    tools.push(copier(scratch, home, peers), cruft(scratch, home, peers));
  } catch (error) {
    missing.push(`copier and cruft: ${(error as Error).message.split('\n')[0]}`);
  }
  return { tools, missing };
}

function run(cwd: string, env: NodeJS.ProcessEnv, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function commit(folder: string, env: NodeJS.ProcessEnv, tag?: string): void {
  run(folder, env, 'git', 'init', '--quiet', '--initial-branch=main');
  run(folder, env, 'git', 'add', '--all');
  run(folder, env, 'git', 'commit', '--quiet', '--allow-empty', '--message', 'x');
  if (tag !== undefined) run(folder, env, 'git', 'tag', tag);
}

/** A template repository with the tags v1 and v2. */
function versions(folder: string, env: NodeJS.ProcessEnv, below: string, more: Files): void {
  const write = (files: Files) =>
    writeFiles(folder, Object.fromEntries(Object.entries(files).map(([path, text]) => [`${below}${path}`, text])));
  writeFiles(folder, more);
  write(CASE.before);
  commit(folder, env, 'v1');
  for (const path of Object.keys(CASE.before)) rmSync(join(folder, `${below}${path}`));
  write(CASE.after);
  commit(folder, env, 'v2');
}

function edit(service: string, env: NodeJS.ProcessEnv, name: string): void {
  writeFiles(service, named(CASE.team, name));
  commit(service, env);
}

/** The preset removes all built-in files, so that the files are the same as for the other tools. */
function ours(scratch: string, home: string, bin: string): Tool {
  const root = join(scratch, 'ours');
  const env = plainEnvironment(home, { XDG_CACHE_HOME: join(scratch, 'cache') });
  const preset = join(root, 'preset');
  const create = ['orders', '--database', 'none', '--ci', 'none', '--yes', '--no-git', '--no-install'];
  mkdirSync(root, { recursive: true });
  run(root, env, process.execPath, bin, ...create, '--dir', 'builtin');
  const remove = readdirSync(join(root, 'builtin'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.twelve.json')
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'builtin').length + 1));
  const files = (version: string, texts: Files): Files => ({
    'preset.yaml': `${JSON.stringify({ schema: 1, name: 'bench', version, layers: [{ path: 'files' }], remove })}\n`,
    ...Object.fromEntries(
      Object.entries(named(texts, '{{name}}')).map(([path, text]) => [
        `files/${path}${text?.includes('{{') ? '.hbs' : ''}`,
        text,
      ]),
    ),
  });
  writeFiles(preset, files('1.0.0', CASE.before));
  run(root, env, process.execPath, bin, ...create, '--preset', './preset');
  rmSync(preset, { recursive: true });
  writeFiles(preset, files('2.0.0', CASE.after));
  const service = join(root, 'orders');
  edit(service, env, 'orders');
  const { version } = JSON.parse(readFileSync(join(bin, '../../package.json'), 'utf8')) as { version: string };
  return { name: 'twelve upgrade', version, service, env, update: [process.execPath, bin, 'upgrade'] };
}

function copier(scratch: string, home: string, peers: string): Tool {
  const root = join(scratch, 'copier');
  const env = plainEnvironment(home);
  const template = join(root, 'template');
  const service = join(root, 'orders');
  const binary = join(peers, 'bin/copier');
  mkdirSync(template, { recursive: true });
  const head =
    '_subdirectory: files\n_templates_suffix: ""\n_envops:\n  variable_start_string: "[["\n  variable_end_string: "]]"\nname:\n  type: str\n';
  versions(template, env, 'files/', {
    'copier.yml': head,
    'files/.copier-answers.yml': '# Changes here will be overwritten by Copier\n[[ _copier_answers|to_nice_yaml -]]\n',
  });
  run(root, env, binary, 'copy', '--defaults', '--vcs-ref', 'v1', '--data', 'name=orders', template, service);
  edit(service, env, 'NAME');
  const version = run(root, env, binary, '--version').trim().replace('copier ', '');
  return { name: 'copier update', version, service, env, update: [binary, 'update', '--defaults', '--vcs-ref', 'v2'] };
}

function cruft(scratch: string, home: string, peers: string): Tool {
  const root = join(scratch, 'cruft');
  const env = plainEnvironment(home);
  const template = join(root, 'template');
  mkdirSync(template, { recursive: true });
  versions(template, env, '{{cookiecutter.name}}/', { 'cookiecutter.json': '{"name": "orders"}\n' });
  const binary = join(peers, 'bin/cruft');
  run(root, env, binary, 'create', '--no-input', '--checkout', 'v1', template);
  const service = join(root, 'orders');
  edit(service, env, 'NAME');
  const listed = run(root, env, join(peers, 'bin/pip'), 'show', 'cruft');
  const version = /^Version: (.*)$/m.exec(listed)?.[1] ?? '';
  return {
    name: 'cruft update',
    version,
    service,
    env,
    update: [binary, 'update', '--skip-apply-ask', '--checkout', 'v2'],
  };
}

/** A copy of a tool's service to update, beside it: its preset is found from there. */
export function copyService({ service }: Tool, name: string): string {
  const folder = join(dirname(service), name);
  cpSync(service, folder, { recursive: true });
  return folder;
}
