import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { commandsOf, findLock } from '../../contract/lockfiles.ts';
import type { Result } from '../../contract/result.ts';
import { rule as cleanRepository } from '../../contract/rules/I-1-clean-repository.ts';
import { rule as frozenInstall } from '../../contract/rules/II-1-frozen-install.ts';
import { go } from '../../contract/runtimes/go.ts';
import { RUNTIMES, runtimeOf, STACK_TRACE } from '../../contract/runtimes/index.ts';
import { java } from '../../contract/runtimes/java.ts';
import { python } from '../../contract/runtimes/python.ts';
import type { Runtime } from '../../contract/runtimes/runtime.ts';
import { rust } from '../../contract/runtimes/rust.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { verify } from '../../contract/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';

describe('the installs of a Dockerfile', () => {
  const installs = ({ installs }: Runtime, text: string) => installs(commandsOf(text)).map(({ isFrozen }) => isFrozen);

  test.each([
    [go, 'RUN go mod download && go mod tidy -diff', [true, true]],
    // A build that comes to a module without a sum stops, so the usual Dockerfile of Go takes the lock as it is.
    [go, 'COPY go.mod go.sum ./\nRUN go mod download\nRUN CGO_ENABLED=0 go build -o /app .', [true]],
    [go, 'RUN go mod tidy && go build .', [false]],
    [rust, 'RUN cargo build --release --locked', [true]],
    [rust, 'RUN cargo +stable install --locked --path .', [true]],
    [rust, 'RUN cargo fetch --locked && cargo build --release --frozen', [true, true]],
    [rust, 'RUN cargo build --release', [false]],
    [rust, 'RUN cargo install cargo-chef && cargo --version', []],
    [go, 'RUN go get example.com/x@latest', [false]],
    [go, 'RUN go build -mod=mod ./...', [false]],
    [go, 'RUN go build ./... && go install honnef.co/go/tools/cmd/staticcheck@v0.7.0', []],
    [python, 'RUN pip install --require-hashes -r requirements.txt', [true]],
    [
      python,
      'RUN uv pip sync --require-hashes requirements.txt && uv pip install --no-deps . && uv pip check',
      [true, true],
    ],
    [
      python,
      'RUN pip install --quiet --require-hashes --only-binary :all: -r requirements.txt && pip install --no-index --dry-run -r named.txt',
      [true],
    ],
    [python, 'RUN python3 -m pip install --no-cache-dir -r requirements.txt', [false]],
    [python, 'RUN pip install fastapi', [false]],
    [python, 'RUN pip install --upgrade pip && pip install uv==0.9.0', []],
    [python, 'RUN uv sync --locked --no-dev', [true]],
    [python, 'RUN uv sync', [false]],
    [python, 'RUN poetry install --only main', [true]],
    [python, 'RUN poetry add fastapi', [false]],
    [python, 'RUN pip install pipenv && pipenv sync', [true]],
    [python, 'RUN pipenv install --deploy --system', [true]],
    [python, 'RUN pipenv install', [false]],
    [python, 'RUN pdm sync --prod', [true]],
    [python, 'RUN pdm install', [false]],
    [java, 'RUN ./mvnw --batch-mode package', [true]],
    [java, 'RUN mvn -U package', [false]],
    [java, 'RUN ./gradlew build --no-daemon', [true]],
    [java, 'RUN gradle build --write-locks', [false]],
    [java, 'RUN mvn --version\nCMD ["java", "-jar", "app.jar"]', []],
  ] as const)('of $name: %s', (runtime, text, expected) => {
    expect(installs(runtime, text)).toEqual(expected);
  });
});

describe('the lock of a folder', () => {
  const version = (text: string) => `<project><version>1-SNAPSHOT</version>${text}</project>`;
  const dependency = (text: string) => version(`<dependency><version>${text}</version></dependency>`);
  test.each([
    [{ 'go.mod': 'module x\n', 'go.sum': '' }, 'go.sum'],
    [{ 'go.mod': 'module x\n' }, 'go.mod'],
    [{ 'go.mod': 'module x\n\nrequire y v1.0.0\n' }, undefined],
    [{ 'pyproject.toml': '', 'uv.lock': '' }, 'uv.lock'],
    [{ 'requirements.txt': 'x==1 \\\n  --hash=sha256:00\n' }, 'requirements.txt'],
    [{ 'pyproject.toml': '', 'requirements.txt': 'x==1\n' }, undefined],
    [{ 'pom.xml': dependency('1.0.0') }, 'pom.xml'],
    [{ 'pom.xml': dependency('[1.0,2)') }, undefined],
    [{ 'pom.xml': dependency('1.0-SNAPSHOT') }, undefined],
    [{ 'build.gradle': '', 'gradle.lockfile': '' }, 'gradle.lockfile'],
    [{ 'build.gradle': "implementation 'a.b:c:1.2.3'" }, 'build.gradle'],
    [{ 'build.gradle.kts': 'implementation("a.b:c:1.+")' }, undefined],
    [{ 'build.gradle.kts': 'implementation("a.b:c:latest.release")' }, undefined],
    [{ 'Cargo.toml': '[package]', 'Cargo.lock': '' }, 'Cargo.lock'],
    [{ 'Cargo.toml': '[package]' }, undefined],
    [{ Pipfile: '', 'Pipfile.lock': '{}' }, 'Pipfile.lock'],
    [{ 'setup.py': '' }, undefined],
    [{ 'pyproject.toml': '', 'pdm.lock': '' }, 'pdm.lock'],
  ])('%j is %s', (files, lock) => {
    const folder = temporaryFolder(files as Record<string, string>);
    const runtime = runtimeOf(folder);
    expect(runtime && findLock(runtime, folder)?.manager.lock).toBe(lock);
  });
});

test('a folder without a manifest is of no language', () => {
  expect(runtimeOf(temporaryFolder({ 'main.c': '' }))).toBeUndefined();
});

test('development packages of Python are the programs of its group dev', () => {
  const folder = temporaryFolder({
    'pyproject.toml':
      '[project]\nname = "x"\ndependencies = ["fastapi>=0.1"]\n\n[dependency-groups]\ndev = [\n  "pytest>=8",\n  "fastapi[standard]",\n  "ruff",\n]\n\n[tool.ruff]\n',
  });
  expect(python.development(folder)).toEqual({ paths: [], programs: ['pytest', 'ruff'] });
});

test.each([
  ['Node', 'TypeError: x\n    at run (file:///app/main.js:1:2)'],
  ['Go', 'panic: x\n\ngoroutine 1 [running]:'],
  ['Python', 'Traceback (most recent call last):\n  File "x.py", line 1'],
  ['Java', 'java.lang.Error\n\tat com.example.Main.main(Main.java:3)'],
  ['Rust', "thread 'main' panicked at src/main.rs:3:5:\nexplicit panic"],
  ['PHP', '#0 /app/index.php(3): f()'],
])('a stack trace of %s is one', (_, text) => {
  expect(text).toMatch(STACK_TRACE);
  expect('{"title":"Not Found","detail":"there is nothing at /a:1"}').not.toMatch(STACK_TRACE);
});

test('no two languages claim the same file, folder or program', () => {
  const claims = RUNTIMES.flatMap(({ manifests, signs = [], linkedFolders, compilers, installers }) => [
    ...manifests,
    ...signs,
    ...linkedFolders,
    ...compilers,
    ...installers,
  ]);
  expect(claims).toEqual([...new Set(claims)]);
});

/** Holds a folder against one rule. */
async function look(folder: string, rule: typeof frozenInstall, more: Partial<ProcessTarget> = {}): Promise<Result> {
  const target = { kind: 'process', name: 'x', folder, command: ['/bin/true'], verbless: true, ...more } as const;
  const { results } = await verify(target, { watch: quiet, backing: new Backing(), rules: [rule] });
  if (!results[0]) throw new Error('it was not looked at');
  return results[0];
}

const noGo = findProgram('go') === undefined;
if (noGo) console.log('skipped: what Go says of a module needs go, which is not installed here');
describe.skipIf(noGo)('a module of Go', () => {
  const files = {
    'go.mod': 'module service\n\ngo 1.23\n',
    'go.sum': '',
    'main.go': 'package main\n\nfunc main() {}\n',
    '.gitignore': '',
  };
  test('keeps II-1 where go.mod names what it imports', async () => {
    const { outcome, evidence } = await look(temporaryFolder(files), frozenInstall);
    expect(evidence.map(({ got }) => got)).toEqual([
      'there',
      'not looked at: the folder has no Dockerfile',
      'exit 0',
      expect.stringMatching(/diff current\/go\.mod/),
    ]);
    expect(outcome).toBe('kept');
  });

  test('breaks II-1 where go.mod names what nothing imports', async () => {
    const folder = temporaryFolder({
      ...files,
      'go.mod': `${files['go.mod']}\nrequire example.com/unused v0.0.0\n\nreplace example.com/unused => /nowhere\n`,
    });
    expect((await look(folder, frozenInstall)).outcome).toBe('broken');
  });

  test('is not judged by what needs a network', async () => {
    const folder = temporaryFolder({
      ...files,
      'main.go': 'package main\n\nimport _ "example.com/x"\n\nfunc main() {}\n',
    });
    const { evidence, outcome } = await look(folder, frozenInstall);
    expect(evidence.at(-1)?.got).toBe('not looked at: go cannot do it without a network');
    expect(outcome).toBe('kept');
  });

  test('is built and tested by I-1, which leaves nothing behind', async () => {
    const folder = temporaryFolder(files);
    const before = readdirSync(folder).sort();
    const { outcome, evidence, leftOut } = await look(folder, cleanRepository);
    const sent = ['git ls-files', 'go build -o /dev/null ./...', 'git status --porcelain after all of it'];
    expect(evidence.map(({ sent, ok }) => [sent, ok])).toEqual(sent.map((text) => [text, true]));
    expect(leftOut).toEqual(['what its tests change (go test ./...): ask for it with --tests']);
    expect(outcome).toBe('partly');
    const tested = await look(folder, cleanRepository, { tests: true });
    expect(tested.evidence.map(({ sent }) => sent)).toEqual([...sent.slice(0, 2), 'go test ./...', ...sent.slice(2)]);
    expect(tested).toMatchObject({ outcome: 'kept' });
    expect(tested).not.toHaveProperty('leftOut');
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(existsSync(join(folder, '.git'))).toBe(false);
  });
});

const noCargo = findProgram('cargo') === undefined;
if (noCargo) console.log('skipped: what Cargo says of a crate needs cargo, which is not installed here');
describe.skipIf(noCargo)('a crate of Rust', () => {
  const lock = [
    '# This file is automatically @generated by Cargo.',
    '# It is not intended for manual editing.',
    'version = 4',
    '',
    '[[package]]',
    'name = "service"',
    'version = "0.1.0"',
    '',
  ].join('\n');
  const files = {
    'Cargo.toml': '[package]\nname = "service"\nversion = "0.1.0"\n',
    'Cargo.lock': lock,
    'src/main.rs': 'fn main() {}\n',
    '.gitignore': 'target/\n',
    'vendor/other/Cargo.toml': '[package]\nname = "other"\n',
  };

  test('keeps II-1 where Cargo.lock has what Cargo.toml names', async () => {
    const { outcome, evidence } = await look(temporaryFolder(files), frozenInstall);
    expect(evidence.map(({ got }) => got)).toEqual([
      'there',
      'not looked at: the folder has no Dockerfile',
      'exit 0',
      expect.stringMatching(/because --locked was passed/),
    ]);
    expect(outcome).toBe('kept');
  });

  test('breaks II-1 where it has another version of itself', async () => {
    const folder = temporaryFolder({ ...files, 'Cargo.lock': lock.replace('0.1.0', '0.2.0') });
    expect((await look(folder, frozenInstall)).outcome).toBe('broken');
  });

  test('is not judged by what needs a network', async () => {
    const manifest = `${files['Cargo.toml']}\n[dependencies]\ntwelve-no-such-crate = "1"\n`;
    const { outcome, evidence } = await look(temporaryFolder({ ...files, 'Cargo.toml': manifest }), frozenInstall);
    expect(evidence.at(-1)?.got).toBe('not looked at: cargo cannot do it without a network');
    expect(outcome).toBe('kept');
  });

  test('is built by I-1 in a copy, with the manifests of its vendored crates left out', async () => {
    const folder = temporaryFolder(files);
    const { outcome, evidence } = await look(folder, cleanRepository, { tests: true });
    expect(evidence.map(({ sent, ok }) => [sent, ok])).toEqual([
      ['git ls-files', true],
      ['cargo build --offline', true],
      ['cargo test --offline', true],
      ['git status --porcelain after all of it', true],
    ]);
    expect(outcome).toBe('kept');
    expect(existsSync(join(folder, 'target'))).toBe(false);
  });
});

test('II-1 says of a file of versions why it locks nothing', async () => {
  const { outcome, evidence } = await look(temporaryFolder({ 'requirements.txt': 'flask==3.1.3\n' }), frozenInstall);
  expect(outcome).toBe('broken');
  expect(evidence[0]?.got).toBe(
    'requirements.txt, which does not lock every version (pip install --require-hashes -r requirements.txt)',
  );
});

test.each([
  [['fastapi==0.1 \\', 'psycopg-binary==3.3 \\', 'PSYCOPG==3.3 ; x \\'], 'there', 'kept'],
  [['psycopg-binary==3.3 \\', 'fastapi==0.1 \\'], 'not there: psycopg', 'broken'],
] as const)('II-1 looks for what pyproject.toml names in %j', async (locked, got, outcome) => {
  const hash = '    --hash=sha256:00\n';
  const folder = temporaryFolder({
    'pyproject.toml': `[project]\ndependencies = [\n  "fastapi>=0.1", # the "web"\n  'psycopg[binary,pool] >= 3.3',\n]\n[tool.x]\ny = ["z"]\n`,
    'requirements.txt': locked.map((line) => `${line}\n${hash}`).join(''),
  });
  const result = await look(folder, frozenInstall);
  const sent = 'look for each dependency of pyproject.toml in requirements.txt';
  expect(result.evidence.find((one) => one.sent === sent)?.got).toBe(got);
  expect(result.outcome).toBe(outcome);
});

test('a service in Python says in its Makefile how it is started', () => {
  const Makefile = 'install:\n\tuv pip sync requirements.txt\n\nstart: install\n\t.venv/bin/python -m service web\n';
  const folder = temporaryFolder({ 'pyproject.toml': '', Makefile });
  expect(python.startCommand?.(folder)).toBe('.venv/bin/python -m service web');
  expect(python.preparation?.(folder, undefined)).toEqual([['make', 'install']]);
  const installed = temporaryFolder({ 'pyproject.toml': '', Makefile, '.venv/pyvenv.cfg': '' });
  expect(python.preparation?.(installed, undefined)).toEqual([]);
});

test('what Python says is asked of the programs of its own environment', async () => {
  const python = '#!/bin/sh\necho "$0 $*" > ran\n';
  const folder = temporaryFolder({
    'pyproject.toml': '[dependency-groups]\ndev = ["pytest"]\n',
    '.gitignore': 'ran\n',
    '.venv/bin/python': { run: python },
  });
  const { evidence } = await look(folder, cleanRepository, { tests: true });
  expect(evidence.find(({ sent }) => sent === 'python -m pytest')).toMatchObject({ got: 'exit 0' });
  // It ran in the copy, through a link: its own folder is as it was.
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

test('a test that needs a network is left out of I-1', async () => {
  const folder = temporaryFolder({
    'pyproject.toml': '[dependency-groups]\ndev = ["pytest"]\n',
    '.venv/bin/python': { run: '#!/bin/sh\necho "error: No matching distribution found for x" >&2\nexit 1\n' },
  });
  const { outcome, leftOut } = await look(folder, cleanRepository, { tests: true });
  expect([outcome, leftOut]).toEqual(['partly', ['python -m pytest, which needs a network']]);
});

describe('how a service in Go is started', () => {
  const made = (files: Readonly<Record<string, string>>) => {
    const folder = temporaryFolder({ 'go.mod': 'module service\n', ...files });
    return { text: go.startCommand?.(folder), before: go.preparation?.(folder, undefined) };
  };

  it.each([
    [
      'build:\n\tgo build -o bin/service .\n\nstart: build\n\t@bin/service web\n',
      'bin/service web',
      [['make', 'build']],
    ],
    ['start:\n\tgo build .\n\t./service\n', './service', []],
    ['start := no\nrestart:\n\tx\n', undefined, []],
  ])('%j: %s', (Makefile, text, before) => {
    expect(made({ Makefile })).toEqual({ text, before });
  });

  it('is not known without a Makefile', () => {
    expect(made({})).toEqual({ text: undefined, before: [] });
  });
});
