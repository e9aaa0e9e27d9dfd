import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { read } from './files.ts';
import { installs, NODE_PACKAGE_MANAGERS } from './node-packages.ts';
import {
  type Check,
  type Command,
  CRASHED,
  FAULT_SIGNAL,
  type FoundLock,
  HOLDS,
  HOLDS_SIGNAL,
  RAN,
  type Runtime,
} from './runtime.ts';

const MANIFEST = 'package.json';
/** Without a lock: verifying a folder must not give it one. */
const UNLOCKED: Command = ['npm', 'install', '--no-package-lock'];

/** Code that a process runs first, so that it crashes when it is told to, and says how much memory it holds. */
const CRASH = `import { subscribe } from 'node:diagnostics_channel'; import { writeSync } from 'node:fs'; import { setFlagsFromString } from 'node:v8'; import { runInNewContext } from 'node:vm';
const ran = () => {
  // A pipe that is full takes nothing for now.
  try { writeSync(2, '${RAN} ' + process.pid + '\\n'); } catch { setTimeout(ran, 20); }
};
ran();
// A thread of Node's own, for code that changes how modules are loaded, keeps nothing of the program.
subscribe('worker_threads', ({ worker }) => { if (worker.constructor.name !== 'InternalWorker') ran(); });
process.on('${FAULT_SIGNAL}', () => { writeSync(2, '${CRASHED}\\n'); throw new Error('probe-crash\\nsecond-line'); });
process.on('${HOLDS_SIGNAL}', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  setImmediate(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    const say = () => {
      // A pipe that is full takes nothing for now.
      try { writeSync(2, '${HOLDS} ' + (heapUsed + external) + '\\n'); } catch { setTimeout(say, 20); }
    };
    say();
  });
});`;
/** Code that a process runs first: its clock goes back by an hour, as when a machine's is corrected. */
const CLOCK_BACK = `const Real = Date; let step = 0; process.on('${FAULT_SIGNAL}', () => { step -= 36e5 }); const now = () => Real.now() + step;
globalThis.Date = new Proxy(Real, {
  construct: (target, args, made) => Reflect.construct(target, args.length > 0 ? args : [now()], made),
  get: (target, key) => key === 'now' ? now : Reflect.get(target, key),
});`;

export const node: Runtime = {
  name: 'Node',
  manifests: [MANIFEST],
  problem: (folder) => {
    const text = read(folder, MANIFEST);
    return text !== undefined && parse(text) === undefined ? `${join(folder, MANIFEST)} is not JSON` : undefined;
  },
  packageManagers: NODE_PACKAGE_MANAGERS,
  isWorkspace: (folder) =>
    existsSync(join(folder, 'pnpm-workspace.yaml')) || /"workspaces"\s*:/.test(read(folder, MANIFEST) ?? ''),
  installs,
  startCommand: (folder) => {
    const { scripts } = packageOf(folder);
    return scripts['start:prod'] ?? scripts.start;
  },
  startPlace: `as the script "start" of ${MANIFEST}`,
  preparation,
  checks,
  toolEnvironment: () => ({ npm_config_offline: 'true', npm_config_update_notifier: 'false' }),
  linkedFolders: ['node_modules'],
  builtFolders: [],
  programFolders: ['node_modules/.bin'],
  programFiles: /\.[cm]?js$/,
  compilers: ['tsc', 'esbuild'],
  developerTools: ['eslint', 'prettier', 'biome', 'jest', 'vitest', 'mocha', 'nodemon', 'webpack', 'rollup'],
  installers: ['npm', 'npx', 'yarn', 'pnpm', 'corepack'],
  development: (folder) => {
    const names = Object.keys(packageOf(folder).devDependencies);
    return { paths: names.map((name) => `node_modules/${name}`), programs: [] };
  },
  stackTrace: /(^|\s)at \S+ ?\(?\S*:\d+:\d+\)?|node_modules/,
  faults: { program: 'node', crash: preload(CRASH), clockBack: preload(CLOCK_BACK) },
};

/** What is read of a package.json. What is not as npm has it counts as absent. */
interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function packageOf(folder: string): Package {
  const json = parse(read(folder, MANIFEST) ?? '{}');
  return {
    scripts: texts(json?.scripts),
    dependencies: texts(json?.dependencies),
    devDependencies: texts(json?.devDependencies),
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The entries of an object that are text; none of what is no object. */
function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Object(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Installs what package.json names, if nothing is installed, and builds with its own script `build`. */
function preparation(folder: string, lock: FoundLock | undefined): Command[] {
  const { scripts, dependencies, devDependencies } = packageOf(folder);
  const install = lock?.manager.install ?? UNLOCKED;
  const needs = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  const installed = [folder, lock?.folder ?? folder].flatMap((at) => [join(at, 'node_modules'), join(at, '.pnp.cjs')]);
  return [
    ...(needs && !installed.some((path) => existsSync(path)) ? [install] : []),
    ...('build' in scripts ? [[install[0], 'run', 'build'] as const] : []),
  ];
}

function checks(folder: string): readonly Check[] | string {
  const { build, test, pretest } = packageOf(folder).scripts;
  if (build === undefined || test === undefined) return `the folder has no ${MANIFEST} with build and test`;
  const builds = /^npm run build\b/.test(pretest || test);
  return [
    { kind: 'build', command: ['npm', 'run', 'build'] },
    { kind: 'test', command: ['npm', 'run', 'test'], ...(builds ? { builds } : {}) },
  ];
}

/** Runs code, an ES module, before that of the program, and keeps the options that its user gave. */
function preload(code: string): (given: Readonly<Record<string, string>>) => { readonly NODE_OPTIONS: string } {
  const option = `--import=data:text/javascript,${encodeURIComponent(code)}`;
  return ({ NODE_OPTIONS }) => ({ NODE_OPTIONS: [NODE_OPTIONS, option].filter(Boolean).join(' ') });
}
