import { packageName, readManifest } from './manifest.ts';

/** Packages whose module has another name. */
const PACKAGES: Readonly<Record<string, string>> = { psycopg_pool: 'psycopg', prometheus_client: 'prometheus-client' };

/** Modules that come with Python, as far as files of the templates import them. */
const STANDARD = new Set(
  (
    '__future__ abc argparse ast asyncio base64 bisect calendar collections concurrent contextlib contextvars copy csv ctypes ' +
    'dataclasses datetime decimal difflib email enum errno fnmatch fractions functools gc getpass glob gzip hashlib heapq hmac html ' +
    'http importlib inspect io ipaddress itertools json locale logging math mimetypes multiprocessing numbers operator os pathlib ' +
    'pickle pkgutil platform pprint queue random re resource secrets select selectors shlex shutil signal socket sqlite3 ssl stat ' +
    'statistics string struct subprocess sys sysconfig tempfile textwrap threading time timeit tomllib traceback types typing ' +
    'unicodedata unittest urllib uuid warnings weakref xml zipfile zlib zoneinfo'
  ).split(' '),
);

/** See `StackCode.unmetNeeds`. */
export function unmetNeeds(text: string, read: (path: string) => string): string[] {
  const manifest = read('pyproject.toml');
  const makefile = read('Makefile');
  const called = [...text.matchAll(/(?:\brun:|^[ \t]*-|&&)[ \t]+make ([a-z][\w-]*)/gm)].map(
    ([, target = '']) => target,
  );
  const targets = [...new Set(called)].filter((target) => !new RegExp(`^${target}[\\w -]*:`, 'm').test(makefile));
  const isSource = /^(?:from [\w.]+ import |import \w)/m.test(text) && !/^\s*(?:FROM|RUN) /m.test(text);
  const imported = isSource ? [...text.matchAll(/^(?:from|import) ([A-Za-z_]\w*)/gm)].map(([, name = '']) => name) : [];
  const { project, dev } = readManifest(manifest) ?? {};
  const known = new Set([project, dev].flatMap((list) => list?.requirements.map(({ name }) => name) ?? []));
  const unnamed = [...new Set(imported)].filter(
    (name) => name !== 'service' && !STANDARD.has(name) && !known.has(PACKAGES[name] ?? packageName(name)),
  );
  const lacks = (file: string) => new RegExp(`\\b${file.replaceAll('.', '\\.')}\\b`).test(text) && read(file) === '';
  return [
    ...(targets.length > 0 ? [`runs make ${targets.join(', ')}, and the Makefile has no such target`] : []),
    ...['pyproject.toml', 'requirements.txt', 'requirements-dev.txt']
      .filter(lacks)
      .map((file) => `names ${file}, and there is none`),
    ...(manifest !== '' && unnamed.length > 0
      ? [`imports ${unnamed.join(', ')}, which pyproject.toml does not name`]
      : []),
  ];
}
