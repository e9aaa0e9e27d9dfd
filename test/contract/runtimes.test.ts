import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { commandsOf, findLock } from '../../contract/lockfiles.ts';
import { rule as cleanRepository } from '../../contract/rules/I-1-clean-repository.ts';
import { rule as frozenInstall } from '../../contract/rules/II-1-frozen-install.ts';
import { go } from '../../contract/runtimes/go.ts';
import { RUNTIMES, runtimeOf, STACK_TRACE } from '../../contract/runtimes/index.ts';
import { java } from '../../contract/runtimes/java.ts';
import { python } from '../../contract/runtimes/python.ts';
import type { Runtime } from '../../contract/runtimes/runtime.ts';
import { verify } from '../../contract/verify.ts';
import { temporaryFolder } from '../support/folder.ts';

describe('the installs of a Dockerfile', () => {
  const installs = ({ installs }: Runtime, text: string) => installs(commandsOf(text)).map(({ isFrozen }) => isFrozen);

  test.each([
    [go, 'RUN go mod download && go mod tidy -diff', [true, true]],
    [go, 'COPY go.mod go.sum ./\nRUN go mod download\nRUN CGO_ENABLED=0 go build -o /app .', [false]],
    [go, 'RUN go get example.com/x@latest', [false]],
    [go, 'RUN go build -mod=mod ./...', [false]],
    [go, 'RUN go build ./... && go install honnef.co/go/tools/cmd/staticcheck@v0.7.0', []],
    [python, 'RUN pip install --require-hashes -r requirements.txt', [true]],
    [
      python,
      'RUN uv pip sync --require-hashes requirements.txt && uv pip install --no-deps . && uv pip check',
      [true, true],
    ],
    [python, 'RUN python3 -m pip install --no-cache-dir -r requirements.txt', [false]],
    [python, 'RUN pip install fastapi', [false]],
    [python, 'RUN pip install --upgrade pip && pip install uv==0.9.0', []],
    [python, 'RUN uv sync --locked --no-dev', [true]],
    [python, 'RUN uv sync', [false]],
    [python, 'RUN poetry install --only main', [true]],
    [python, 'RUN poetry add fastapi', [false]],
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
      '[project]\nname = "x"\ndependencies = ["fastapi>=0.1"]\n\n[dependency-groups]\ndev = [\n  "pytest>=8",\n  "ruff",\n]\n\n[tool.ruff]\n',
  });
  expect(python.development(folder)).toEqual({ paths: [], programs: ['pytest', 'ruff'] });
});

test.each([
  ['Node', 'TypeError: x\n    at run (file:///app/main.js:1:2)'],
  ['Go', 'panic: x\n\ngoroutine 1 [running]:'],
  ['Python', 'Traceback (most recent call last):\n  File "x.py", line 1'],
  ['Java', 'java.lang.Error\n\tat com.example.Main.main(Main.java:3)'],
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

const noGo = findProgram('go') === undefined;
if (noGo) console.log('skipped: what Go says of a module needs go, which is not installed here');
describe.skipIf(noGo)('a module of Go', { timeout: 60_000 }, () => {
  const files = {
    'go.mod': 'module service\n\ngo 1.23\n',
    'go.sum': '',
    'main.go': 'package main\n\nfunc main() {}\n',
    '.gitignore': '',
  };
  async function look(folder: string, rule: typeof frozenInstall) {
    const target = { kind: 'process', name: 'x', folder, command: ['/bin/true'], verbless: true } as const;
    const { results } = await verify(target, { backing: new Backing(), rules: [rule] });
    return { outcome: results[0]?.outcome, evidence: results[0]?.evidence ?? [], reason: results[0]?.reason };
  }

  test('keeps II-1 where go.mod names what it imports', async () => {
    const { outcome, evidence } = await look(temporaryFolder(files), frozenInstall);
    expect(evidence.map(({ got }) => got)).toEqual([
      'there',
      'not looked at: the folder has no Dockerfile',
      'exit 0',
      expect.stringMatching(/^diff current\/go\.mod/),
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
    const { outcome, evidence } = await look(folder, cleanRepository);
    expect(evidence.map(({ sent, ok }) => [sent, ok])).toEqual([
      ['git ls-files', true],
      ['go build -o /dev/null ./...', true],
      ['go test ./...', true],
      ['git status --porcelain after both', true],
    ]);
    expect(outcome).toBe('kept');
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(existsSync(join(folder, '.git'))).toBe(false);
  });
});
