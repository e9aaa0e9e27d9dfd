import { describe, expect, it, test } from 'vitest';
import type { Tree } from '../../engine/core/tree.ts';
import { addDependencies } from '../../stacks/python/dependencies.ts';
import { LOCK, reasonOf } from '../../stacks/python/lock.ts';
import { isInRange } from '../../stacks/python/pins.ts';

const HASH = 'a'.repeat(64);
const pin = (what: string) => `${what} \\\n    --hash=sha256:${HASH}\n`;
const manifest = (dependencies: string, dev = '"pytest"') =>
  `[project]\nname = "x"\ndependencies = [${dependencies}]\n\n[dependency-groups]\ndev = [${dev}] # c\n`;

const readerOf = (files: Readonly<Record<string, string>>) => (path: string) => files[path];

const FITS = {
  'pyproject.toml': manifest('"psycopg[binary,pool]>=3.3,<4", # "no"\n  \'Typing_Extensions\''),
  'requirements.txt': `# made\n#    by uv\n${pin('psycopg==3.3.9')}${pin("psycopg-binary==3.3.9 ; implementation_name != 'pypy'")}${pin('typing-extensions==4.16.0')}`,
  'requirements-dev.txt': pin('pytest==9.2.0') + pin('typing-extensions==4.16.0'),
};

describe('the lockfiles of a service in Python', () => {
  const stateOf = (files: Readonly<Record<string, string | undefined>>) =>
    LOCK.check(readerOf({ ...FITS, ...files } as Record<string, string>));

  test.each([
    ['as uv makes them', {}, { kind: 'fits' }],
    ['of a folder without a manifest', { 'pyproject.toml': undefined }, { kind: 'none' }],
    [
      'of a manifest with marks of a conflict',
      { 'pyproject.toml': `${FITS['pyproject.toml']}=======\n` },
      { kind: 'unreadable' },
    ],
    [
      'of a list that is not closed',
      { 'pyproject.toml': '[project]\ndependencies = [\n  "a",\n' },
      { kind: 'unreadable' },
    ],
    ['that are none', { 'requirements.txt': undefined }, { kind: 'unlocked' }],
    ['of versions alone', { 'requirements.txt': 'psycopg==3.3.9\n' }, { kind: 'unlocked' }],
    ['of another tool', { 'requirements.txt': undefined, 'uv.lock': '' }, { kind: 'none' }],
    [
      'that lack a package',
      { 'pyproject.toml': manifest('"psycopg", "redis[hiredis]>=8"') },
      { kind: 'misfit', path: 'requirements.txt', reasons: ['redis>=8 is missing'] },
    ],
    [
      'with an older version than is asked for',
      { 'pyproject.toml': manifest('"psycopg>=3.10"') },
      { kind: 'misfit', path: 'requirements.txt', reasons: ['psycopg>=3.10: it has psycopg==3.3.9'] },
    ],
    [
      'with a package twice',
      { 'requirements.txt': FITS['requirements.txt'] + pin('psycopg==3.3.10') },
      { kind: 'misfit', path: 'requirements.txt', reasons: ['psycopg==3.3.10 beside 3.3.9'] },
    ],
    [
      'with a package without a hash',
      { 'requirements.txt': `${FITS['requirements.txt']}redis==8.1.0\n<<<<<<< ours\n` },
      {
        kind: 'misfit',
        path: 'requirements.txt',
        reasons: ['it has a line that is no version: <<<<<<< ours', 'redis==8.1.0 has no hash'],
      },
    ],
    [
      'of development, with another version',
      { 'requirements-dev.txt': pin('pytest==9.2.0') + pin('typing-extensions==4.15.0') },
      {
        kind: 'misfit',
        path: 'requirements-dev.txt',
        reasons: ['typing-extensions==4.15.0, and typing-extensions==4.16.0 in requirements.txt'],
      },
    ],
    [
      'of development, without a tool',
      { 'pyproject.toml': manifest('"psycopg"', '"pytest", "ruff"') },
      { kind: 'misfit', path: 'requirements-dev.txt', reasons: ['ruff is missing'] },
    ],
    [
      'of development, which are away',
      { 'requirements-dev.txt': undefined },
      { kind: 'misfit', path: 'requirements-dev.txt', reasons: ['it is missing'] },
    ],
  ] as const)('%s', async (_, files, expected) => {
    expect(await stateOf(files)).toMatchObject(expected);
  });

  it('are made anew by uv, which runs no code of a package', async () => {
    const files = { ...FITS, 'requirements-dev.txt': `${pin('ruff==0.17.6')}=======\npytest==9\n` };
    expect(await LOCK.refresh(readerOf(files), () => undefined)).toEqual({
      files: {
        'pyproject.toml': FITS['pyproject.toml'],
        'requirements.txt': FITS['requirements.txt'],
        'requirements-dev.txt': pin('ruff==0.17.6'),
      },
      command: [
        ...['uv', 'pip', 'compile', '--quiet', '--no-build', '--custom-compile-command'],
        'uv pip compile --group dev -c requirements.txt -o requirements-dev.txt',
        ...['--group', 'dev', '-c', 'requirements.txt', '-o', 'requirements-dev.txt'],
      ],
      reason: reasonOf,
    });
    expect(await LOCK.refresh(readerOf(FITS), () => undefined)).toBe('there is nothing to go by');
  });

  it('say in one line why they could not be made', () => {
    const said = 'warning: x\nerror: Failed to fetch\n  cause: no address\n  cause: no address\n\nhint: try again\n';
    expect(reasonOf(said)).toBe('Failed to fetch; no address');
  });
});

test.each([
  ['3.10', '>=3.9,<4', true],
  ['4.0', '>=3.9,<4', false],
  ['1.4.5', '~=1.4.2', true],
  ['1.5', '~=1.4.2', false],
  ['1.5', '~=1.4', true],
  ['2.0', '==2.*', true],
  ['2.0', '==2', true],
  ['2.1', '!=2.1', false],
  ['2.1', '!=2.1.*', false],
  ['2.1', '>2.1', false],
  ['2.1', '<=2.1', true],
  ['2.1.post1', '<2', true],
  ['2.1', '', true],
])('%s is in the range %s: %s', (version, range, expected) => {
  expect(isInRange(version, range)).toBe(expected);
});

describe('what an addition needs', () => {
  const treeOf = (files: Readonly<Record<string, string>>): Tree =>
    new Map(Object.entries(files).map(([path, text]) => [path as never, { content: Buffer.from(text), mode: 0o644 }]));
  const add = async (files: Readonly<Record<string, string>>) => {
    const edits = await addDependencies('client', treeOf(files));
    return Object.fromEntries([...edits].map(([path, { content }]) => [path, Buffer.from(content).toString()]));
  };

  test.each([
    [
      '\n  "fastapi", # web\n  "uvicorn",\n',
      '\n  "fastapi", # web\n  "httpx2>=2.9,<3",\n  "tenacity>=9.2,<10",\n  "uvicorn",\n',
    ],
    ['"fastapi", "uvicorn"', '"fastapi", "httpx2>=2.9,<3", "tenacity>=9.2,<10", "uvicorn"'],
    ['"anyio"', '"anyio", "httpx2>=2.9,<3", "tenacity>=9.2,<10"'],
    ['\n  "anyio",\n', '\n  "anyio",\n  "httpx2>=2.9,<3",\n  "tenacity>=9.2,<10",\n'],
    ['', '"httpx2>=2.9,<3", "tenacity>=9.2,<10"'],
    ['"httpx2"', '"httpx2", "tenacity>=9.2,<10"'],
  ])('comes into a list %j', async (before, after) => {
    expect(await add({ 'pyproject.toml': manifest(before) })).toEqual({ 'pyproject.toml': manifest(after) });
  });

  it('is locked at the version that is there, for development too', async () => {
    const locked = pin('httpcore2==2.16.2') + pin('uvicorn==0.54.0');
    const made = await add({
      'pyproject.toml': manifest('"uvicorn"'),
      'requirements.txt': `# made\n${locked}`,
      'requirements-dev.txt': pin('truststore==0.9'),
    });
    const text = made['requirements.txt'] ?? '';
    expect(text.startsWith(`# made\n${pin('httpcore2==2.16.2')}httpx2==`)).toBe(true);
    expect(text.match(/^[\w-]+==\S+/gm)).toEqual([
      'httpcore2==2.16.2',
      expect.stringMatching(/^httpx2==2/),
      expect.stringMatching(/^httpx2-jsfetch==/),
      expect.stringMatching(/^tenacity==9/),
      'truststore==0.9',
      'uvicorn==0.54.0',
    ]);
    expect(await add({ ...made, 'pyproject.toml': made['pyproject.toml'] ?? '' })).toEqual({});
  });

  it('is refused by a manifest without a list', async () => {
    await expect(add({ 'pyproject.toml': '[tool.poetry]\n' })).rejects.toMatchObject({ code: 'TARGET_UNUSABLE' });
    expect(await add({ 'setup.py': '' })).toEqual({});
  });
});
