import { read } from './files.ts';
import type { Install, Runtime } from './runtime.ts';

const MANIFEST = 'pyproject.toml';
const REQUIREMENTS = 'requirements.txt';
/** Tools of the image itself. */
const TOOLS = new Set(['pip', 'setuptools', 'wheel', 'uv', 'poetry']);
/** The project itself, which is no dependency. */
const ITSELF = /^(\.|\.\[.*\]|-e|--editable)$/;

export const python: Runtime = {
  name: 'Python',
  manifests: [MANIFEST],
  signs: [REQUIREMENTS],
  packageManagers: [
    { name: 'uv', lock: 'uv.lock', install: ['uv', 'sync', '--locked'] },
    { name: 'poetry', lock: 'poetry.lock', install: ['poetry', 'sync'] },
    {
      name: 'pip',
      lock: REQUIREMENTS,
      // Without hashes it names versions that somebody may publish anew, or none.
      isLock: (text) => /--hash=sha256:/.test(text),
      install: ['pip', 'install', '--require-hashes', '-r', REQUIREMENTS],
    },
  ],
  isWorkspace: (folder) => /^\[tool\.uv\.workspace\]/m.test(read(folder, MANIFEST) ?? ''),
  installs: ({ commands }) => commands.flatMap(installOf),
  checks: (folder) => {
    if (!/\bpytest\b/.test(read(folder, MANIFEST) ?? '')) return `the folder has no ${MANIFEST} with tests`;
    return [{ kind: 'test', command: ['python', '-m', 'pytest'] }];
  },
  toolEnvironment: () => ({ PIP_NO_INDEX: '1', UV_OFFLINE: '1' }),
  linkedFolders: ['.venv'],
  programFolders: ['.venv/bin'],
  programFiles: /\.py$/,
  compilers: [],
  installers: ['pip', 'pip3', 'uv', 'poetry'],
  development: (folder) => ({ paths: [], programs: developmentPackages(read(folder, MANIFEST) ?? '') }),
  stackTrace: /Traceback \(most recent/,
};

function installOf(words: readonly string[]): Install[] {
  const [name, verb = '', ...rest] = withoutModule(words);
  const text = words.join(' ');
  if (name === 'uv' && (verb === 'sync' || verb === 'add'))
    return [{ text, isFrozen: verb === 'sync' && rest.some((word) => word === '--locked' || word === '--frozen') }];
  if (name === 'poetry' && ['install', 'sync', 'add'].includes(verb)) return [{ text, isFrozen: verb !== 'add' }];
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

/** Names of the packages in the group `dev`, which are names of their programs too. */
function developmentPackages(manifest: string): string[] {
  const tables = manifest.split(/^\[/m);
  const groups = tables.find((table) => /^(dependency-groups|project\.optional-dependencies)\]/.test(table)) ?? '';
  const [, list = ''] = /^dev\s*=\s*\[([^\]]*)\]/m.exec(groups) ?? [];
  return [...list.matchAll(/["']([\w.-]+)/g)].map(([, name = '']) => name);
}
