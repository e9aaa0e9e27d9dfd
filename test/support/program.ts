import { spawn } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { createVariables } from '../../generators/create/questions.ts';
import { packTemplate } from '../../scripts/pack-template.ts';
import { STACKS } from '../../stacks/index.ts';
import { type Contents, makeFolder, removeFolder, write } from './folder.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** The program as it is published; `npm test` builds it first. */
export const PROGRAM = join(ROOT, 'dist/bin.cjs');

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input; empty by default. */
  readonly input?: string;
  readonly program?: string;
  /** Options of Node itself, e.g. `--require`. */
  readonly node?: readonly string[];
  /** Another Node than the one that runs the tests. */
  readonly execPath?: string;
}

export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Without what was waited for: those lines come only where a machine is slow. */
  readonly stderr: string;
  readonly waited?: readonly string[];
}

/** `installing the dependencies (npm ci) ...` */
const WAITING = /^[a-z].* \.\.\.\n/gm;

/** The folder of the program's code cache while a test file runs: not in the developer's home. */
let codeCache: string | undefined;
afterAll(() => {
  if (codeCache !== undefined) removeFolder(codeCache);
  codeCache = undefined;
});

/** An environment without the developer's own settings: no CI, no npm, no git identity, no agent. */
export function plainEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const path = [dirname(process.execPath), process.env.PATH].join(':');
  return { PATH: path, HOME: '/nonexistent', LANG: 'C.UTF-8', TERM: 'xterm', XDG_CACHE_HOME: cacheFolder(), ...extra };
}

function cacheFolder(): string {
  if (codeCache === undefined) {
    codeCache = makeFolder();
  }
  return codeCache;
}

/** Runs the built program to its end. */
export function run(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env = plainEnvironment(), input = '', program = PROGRAM, node = [] } = options;
  return execute(options.execPath ?? process.execPath, [...node, program, ...args], { cwd, env, input });
}

/** Runs any command to its end. After a minute it is killed, and the result has the signal. */
export function execute(
  command: string,
  args: readonly string[],
  { cwd, env = plainEnvironment(), input = '' }: { cwd: string; env?: NodeJS.ProcessEnv; input?: string },
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, timeout: 60_000, killSignal: 'SIGKILL' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, signal, stdout, stderr: stderr.replace(WAITING, ''), waited: stderr.match(WAITING) ?? [] }),
    );
    // A program that ends without reading its input closes the pipe. Only its exit code matters.
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** Flags for a run without git and npm, which most tests do not need. */
export const FILES_ONLY = ['--no-git', '--no-install'] as const;

export interface SmallTemplate {
  /** Paths start with the layer: `base/README.md.hbs`. */
  readonly files: Contents;
  readonly layers?: readonly object[];
}

/**
 * The built program with a small template, so that a test shows the whole template and runs fast.
 * @param version of the template and of the program
 * @param others templates of stacks that have another one, by the stack
 * @returns the program's path; `remove` when done
 */
export function programWith(
  template: SmallTemplate,
  version = '0.0.1',
  others: Readonly<Record<string, SmallTemplate>> = {},
): { program: string; remove: () => void } {
  const folder = makeFolder();
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const { id } of STACKS) {
    const source = writeTemplate(join(folder, 'templates', id), others[id] ?? template);
    packTemplate(source, join(folder, 'dist/templates', id), { stack: id, version, variables: createVariables() });
  }
  return { program: join(folder, 'dist/bin.cjs'), remove: () => removeFolder(folder) };
}

/** Maps of the small templates that are kept in alphabetical order. */
export const SORTED_MAPS = ['dependencies', 'devDependencies'];

/** Writes a template folder. Every file is `managed`. */
export function writeTemplate(folder: string, { files, layers = [{ path: 'base' }] }: SmallTemplate): string {
  mkdirSync(folder, { recursive: true });
  write(folder, {
    'template.json': JSON.stringify({ id: 'small', layers, sortedMaps: SORTED_MAPS, ownership: [['**', 'managed']] }),
    ...files,
  });
  return folder;
}

/** Runs a task for each item, several at a time, because a run mostly waits for a process. */
export async function inParallelRuns<T>(items: readonly T[], task: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await task(next);
  };
  await Promise.all([worker(), worker(), worker()]);
}
