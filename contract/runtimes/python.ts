import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MAKEFILE, read, readAll, recipe } from './files.ts';
import type { Install, LockCheck, LockedProject, Runtime } from './runtime.ts';

const MANIFEST = 'pyproject.toml';
const REQUIREMENTS = 'requirements.txt';
/** Tools of the image itself. */
const TOOLS = new Set(['pip', 'setuptools', 'wheel', 'uv', 'poetry', 'pdm', 'pipenv']);
/** Options of pdm and pipenv that take the lock as it is. */
const FROZEN = /^--(frozen-lockfile|no-lock|check|deploy)$/;
/** The project itself, which is no dependency. */
const ITSELF = /^(\.|\.\[.*\]|-e|--editable)$/;

export const python: Runtime = {
  name: 'Python',
  manifests: [MANIFEST],
  signs: [REQUIREMENTS, 'Pipfile', 'setup.py', 'setup.cfg'],
  packageManagers: [
    {
      name: 'uv',
      lock: 'uv.lock',
      install: ['uv', 'sync', '--locked'],
      check: lockCheck(['uv', 'lock', '--check', '--offline'], /needs to be updated/),
    },
    {
      name: 'poetry',
      lock: 'poetry.lock',
      install: ['poetry', 'sync'],
      check: lockCheck(['poetry', 'check', '--lock'], /poetry\.lock was last generated|is not (compatible|up to date)/),
    },
    { name: 'pdm', lock: 'pdm.lock', install: ['pdm', 'sync'] },
    { name: 'pipenv', lock: 'Pipfile.lock', install: ['pipenv', 'sync'] },
    {
      name: 'pip',
      lock: REQUIREMENTS,
      // Without hashes it names versions that somebody may publish anew, or none.
      isLock: (text) => /--hash=sha256:/.test(text),
      install: ['pip', 'install', '--require-hashes', '-r', REQUIREMENTS],
      unlocked,
    },
  ],
  isWorkspace: (folder) => /^\[tool\.uv\.workspace\]/m.test(read(folder, MANIFEST) ?? ''),
  installs: ({ commands }) => commands.flatMap(installOf),
  startCommand: (folder) => recipe(folder, 'start')?.at(-1),
  startPlace: `as the last line of the target "start" of ${MAKEFILE}`,
  preparation: (folder) =>
    recipe(folder, 'install') && !existsSync(join(folder, '.venv')) ? [['make', 'install']] : [],
  checks: (folder) => {
    if (!/\bpytest\b/.test(read(folder, MANIFEST) ?? '')) return `the folder has no ${MANIFEST} with tests`;
    return [{ kind: 'test', command: ['python', '-m', 'pytest'] }];
  },
  toolEnvironment: () => ({ PIP_NO_INDEX: '1', UV_OFFLINE: '1' }),
  needsNetwork: /offline|network|No matching distribution/i,
  linkedFolders: ['.venv'],
  linkedSign: 'pyvenv.cfg',
  builtFolders: [],
  programFolders: ['.venv/bin', 'venv/bin', 'env/bin'],
  programFiles: /\.py$/,
  compilers: [],
  developerTools: [
    ...['pytest', 'tox', 'nox', 'coverage', 'mypy', 'pyright', 'ruff', 'black', 'isort', 'flake8', 'pylint', 'ipython'],
    // No image of Python itself has these. It has pip.
    ...['uv', 'poetry', 'pdm', 'pipenv'],
  ],
  installers: ['pip', 'pip3', 'uv', 'poetry', 'pdm', 'pipenv'],
  development: (folder) => ({ paths: [], programs: developmentPackages(read(folder, MANIFEST) ?? '') }),
  stackTrace: /Traceback \(most recent/,
};

function lockCheck(command: LockCheck['command'], refused: RegExp): LockCheck {
  return { command, refused, project };
}

/** The manifest and its lock, if nothing else of the repository belongs to them. */
function project(folder: string, lock: string): LockedProject | string {
  const manifest = read(folder, MANIFEST) ?? '';
  if (/\bpath\s*=|\bworkspace\s*=|\.workspace\]/.test(manifest)) return 'other files of the repository belong to it';
  const isPoetry = lock === 'poetry.lock';
  const edited = isPoetry
    ? manifest.replace(/^(\[tool\.poetry\.dependencies\])$/m, '$1\ntwelve-probe = "1.0.0"')
    : manifest;
  const named = edited.replace(/^(dependencies\s*=\s*\[)/m, '$1"twelve-probe==1.0.0",');
  if (named === manifest) return `${MANIFEST} names its dependencies in a way that is not known`;
  return { files: readAll(folder, [MANIFEST, lock]), edited: { [MANIFEST]: named } };
}

function installOf(words: readonly string[]): Install[] {
  const [name, verb = '', ...rest] = withoutModule(words);
  const text = words.join(' ');
  if (rest.includes('--dry-run')) return [];
  if (name === 'uv' && (verb === 'sync' || verb === 'add'))
    return [{ text, isFrozen: verb === 'sync' && rest.some((word) => word === '--locked' || word === '--frozen') }];
  if (name === 'poetry' && ['install', 'sync', 'add'].includes(verb)) return [{ text, isFrozen: verb !== 'add' }];
  if ((name === 'pdm' || name === 'pipenv') && ['install', 'sync', 'add'].includes(verb))
    return [{ text, isFrozen: verb === 'sync' || rest.some((word) => FROZEN.test(word)) }];
  const isUv = name === 'uv' && verb === 'pip';
  const [action, ...options] = isUv ? rest : [verb, ...rest];
  const isPip = isUv || name === 'pip' || name === 'pip3';
  if (!isPip || (action !== 'install' && action !== 'sync')) return [];
  const named = options.filter((word) => !word.startsWith('-')).map((word) => word.replace(/[<>=~![].*$/, ''));
  const isRead = options.some((word) => /^(-r|--requirement)/.test(word)) || action === 'sync';
  if (!isRead && named.length > 0 && named.every((word) => TOOLS.has(word))) return [];
  const isAlone = options.includes('--no-deps') && options.some((word) => ITSELF.test(word)) && !isRead;
  return [{ text, isFrozen: options.includes('--require-hashes') || isAlone }];
}

/** `python -m pip install` -> `pip install` */
function withoutModule(words: readonly string[]): readonly string[] {
  return /^python[\d.]*$/.test(words[0] ?? '') && words[1] === '-m' ? words.slice(2) : words;
}

/** Names of the packages in the group `dev`, which are names of their programs too. What the service itself needs is none. */
function developmentPackages(manifest: string): string[] {
  const own = namesIn(manifest, 'project', 'dependencies');
  const groups = ['dependency-groups', 'project.optional-dependencies'];
  return groups.flatMap((table) => namesIn(manifest, table, 'dev')).filter((name) => !own.includes(name));
}

function unlocked(folder: string): string[] {
  const locked = [...(read(folder, REQUIREMENTS) ?? '').matchAll(/^([\w.-]+)(?:\[.*?\])?\s*==/gm)];
  const known = new Set(locked.map(([, name = '']) => normalized(name)));
  const named = namesIn(read(folder, MANIFEST) ?? '', 'project', 'dependencies');
  return named.filter((name) => !known.has(normalized(name)));
}

/** `Flask_Login` and `flask-login` are the same package. */
const normalized = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** Names of the requirements in a list of a table: `dependencies = ["psycopg[binary]>=3"]`. */
function namesIn(manifest: string, table: string, key: string): string[] {
  const [, body = ''] = manifest.split(new RegExp(`^\\[${table}\\][ \\t]*(?:#.*)?$`, 'm'));
  const start = new RegExp(`^${key}\\s*=\\s*\\[`, 'm').exec(body.split(/^\[/m)[0] ?? '');
  if (start === null) return [];
  const names: string[] = [];
  for (const [token, name] of body.slice(start.index + start[0].length).matchAll(TOKEN)) {
    if (token === ']') break;
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** A text with a requirement, another text, a comment, or the end of a list. */
const TOKEN = /["']\s*([A-Za-z0-9][\w.-]*)[^"'\n]*["']|"[^"\n]*"|'[^'\n]*'|#.*|\]/g;
