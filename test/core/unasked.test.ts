// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what npm would fill in
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findUnasked } from '../../engine/core/preset/unasked.ts';
import { describeBrought, UNASKED_FILES } from '../../engine/core/preset/unasked-files.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { heldBack } from '../../stacks/typescript/held-back.ts';
import { UNASKED } from '../../stacks/typescript/unasked.ts';

/** What tools run unasked: files and keys that a preset may not bring. */

const rules = [...UNASKED_FILES, ...UNASKED];

const tree = (paths: readonly string[], text = 'x') =>
  new Map(paths.map((path) => [path as RepoPath, { content: Buffer.from(text), mode: 0o644 as const }]));

/** The keys found in a file; `*` for the whole file. */
async function found(path: string, text = 'x'): Promise<string[]> {
  return (await findUnasked(rules, tree([path], text))).map(({ key }) => key ?? '*');
}

describe('a whole file that a tool runs unasked', () => {
  it.each([
    '.husky/pre-commit',
    '.githooks/pre-commit',
    'lefthook.yml',
    '.lefthook.toml',
    '.pre-commit-config.yaml',
    '.gitmodules',
    '.envrc',
    'app/.envrc',
    '.ENVRC',
    '.env',
    'mise.toml',
    '.mise.local.toml',
    '.config/mise/config.toml',
    '.vscode/mcp.json',
    '.mcp.json',
    'orders.code-workspace',
    '.idea/workspace.xml',
    '.idea/runConfigurations/x.xml',
    '.zed/settings.json',
    '.nvim.lua',
    '.dir-locals.el',
    '.claude/settings.json',
    '.claude/skills/x/run.sh',
    '.cursor/mcp.json',
    'desktop.ini',
    'build.gradle',
    'tools/build.rs',
    'CMakeLists.txt',
    'x.csproj',
    'binding.gyp',
    '.yarnrc.yml',
    '.yarn/releases/yarn.cjs',
    '.pnpmfile.cjs',
    'pnpm-workspace.yaml',
    'bunfig.toml',
    'node_modules/.bin/tsc',
    'eslint.config.mjs',
    '.eslintrc.json',
    '.prettierrc',
    'vitest.config.ts',
  ])('%s', async (path) => {
    expect(await found(path)).toEqual(['*']);
  });

  it.each([
    '.gitignore',
    '.gitattributes',
    '.env.example',
    '.editorconfig',
    '.tool-versions',
    '.nvmrc',
    '.vscode/extensions.json',
    '.vscode/launch.json',
    '.idea/codeStyles/Project.xml',
    '.cursor/rules/style.mdc',
    '.claude/CLAUDE.md',
    'AGENTS.md',
    '.github/workflows/scan.yml',
    '.gitlab-ci.yml',
    'Dockerfile',
    'docker-compose.yaml',
    'Makefile',
    'src/main.ts',
    'scripts/dev.mjs',
    'biome.json',
    'renovate.json',
  ])('%s is none', async (path) => {
    expect(await found(path)).toEqual([]);
  });
});

describe('a name that begins with a dot', () => {
  it.each([
    '.github/hooks/x.json',
    '.github/hooks/package.json',
    '.github/mcp.json',
    '.github/agents/x.agent.md',
    '.github/workflows/.claude.json',
    'app/.GitHub/Hooks/x.json',
    '.gitlab/duo/mcp.json',
    '.cargo/config.toml',
    '.clinerules/hooks/TaskStart',
    '.junie/mcp/mcp.json',
    '.qwen/settings.json',
    '.crush.json',
    '.pylintrc',
    '.somebody-invents-it-next-year/run',
    'src/.gitignore/x',
  ])('%s is refused as a whole', async (path) => {
    const unasked = await findUnasked(rules, tree([path], '{}'));
    expect(unasked).toEqual([expect.objectContaining({ path })]);
    expect(unasked[0]).not.toHaveProperty('key');
  });

  it.each([
    '.github/ISSUE_TEMPLATE/bug.yml',
    '.github/PULL_REQUEST_TEMPLATE.md',
    '.github/dependabot.yml',
    '.github/CODEOWNERS',
    '.github/copilot-instructions.md',
    '.github/actions/scan/action.yml',
    '.gitlab/merge_request_templates/x.md',
    '.gitlab/ci/scan.yml',
    'app/.dockerignore',
    '.node-version',
    '.hadolint.yaml',
    '.devcontainer/Dockerfile',
    '.clinerules/style.md',
    '.twelve.json',
    '.twelve/additions/task-x.json',
    'src/a.b/c',
  ])('%s is data', async (path) => {
    expect(await found(path)).toEqual([]);
  });

  it('is data in what we generate', async () => {
    const folder = join(import.meta.dirname, '../../templates');
    const names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      // Its .env is ours, and no preset reaches it.
      .filter((path) => /(^|\/)_?\./.test(path) && !path.startsWith('workspace/'))
      .map((path) =>
        path
          .replace(/^[^/]+\/[^/]+\//, '')
          .replace(/(^layers\/base\/)|(\.hbs)+$/g, '')
          .replace(/(^|\/)_\./, '$1.'),
      );
    expect(names).toContain('.dockerignore');
    expect(await findUnasked(rules, tree(names, ''))).toEqual([]);
  });
});

describe('a key that a tool runs unasked', () => {
  it.each<[path: string, text: string, keys: string[]]>([
    [
      'package.json',
      '{"scripts": {"preinstall": "x", "test": "y", "prepare": "z"}}',
      ['scripts.preinstall', 'scripts.prepare'],
    ],
    ['tools/package.json', '{"scripts": {"postinstall": "x"}}', ['scripts.postinstall']],
    ['PACKAGE.json', '{"scripts": {"install": "x"}}', ['scripts.install']],
    ['package.json', '{"scripts": {"install": "x"}, "scripts": {}}', ['scripts.install']],
    ['package.json', '\ufeff{"scripts": {"\\u0069nstall": "x"}}', ['scripts.install']],
    ['package.json', '{"packageManager": "yarn@https://x.example/y.tgz"}', ['packageManager']],
    ['package.json', '{"packageManager": "npm@11.0.0+sha512.ab12"}', []],
    [
      'package.json',
      '{"trustedDependencies": ["x"], "pnpm": {}, "husky": {"hooks": {}}}',
      ['trustedDependencies', 'pnpm', 'husky'],
    ],
    ['package.json', '{"scripts": {"dev": "x", "predev": "x", "test": "x"}, "dependencies": {"husky": "4"}}', []],
    ['package.json', '[', ['*']],
    ['.npmrc', 'script-shell=./x.sh', ['script-shell']],
    ['.npmrc', '  script-shell = ./x.sh\r\nnode-options=--require ./x.js', ['script-shell', 'node-options']],
    ['.npmrc', '"script\\u002dshell"=./x.sh', ['"script\\u002dshell"']],
    [
      '.npmrc',
      'git=./x\nglobalconfig=x\nuserconfig=x\nprefix=x\ncache=x\neditor=x',
      ['git', 'globalconfig', 'userconfig', 'prefix', 'cache', 'editor'],
    ],
    [
      '.npmrc',
      '[x]\nignore-scripts=false\nstrict-ssl=false\nproxy=x',
      ['[x]', 'ignore-scripts', 'strict-ssl', 'proxy'],
    ],
    ['.npmrc', 'ignore-scripts', []],
    ['.npmrc', '//x.example/:_authToken=${NPM_TOKEN}', ['//x.example/:_authToken']],
    ['.npmrc', 'registry=https://x.example/${HOME}', ['registry']],
    [
      '.npmrc',
      '; shell=x\n#y\n\nsave-exact=true\nregistry=https://x.example/\n@acme:registry=https://x.example/\nignore-scripts=true\n',
      [],
    ],
    [
      '.vscode/tasks.json',
      '{"tasks": [{"command": "x", /* */ "runOptions": {"runOn": "folderOpen"}}]}',
      ['tasks.runOptions.runOn'],
    ],
    ['.vscode/tasks.json', '{"tasks": [{"command": "x", "runOptions": {"runOn": "default"}},]}', []],
    ['.vscode/tasks.json', 'tasks', ['*']],
    [
      '.vscode/settings.json',
      '{"eslint.nodePath": "./x", "[markdown]": {"editor.wordWrap": "on", "x.path": "y"}}',
      ['eslint.nodePath', '[markdown].x.path'],
    ],
    ['.vscode/settings.json', '{// yes\n"editor.formatOnSave": true, "files.exclude": {"**/dist": true}}', []],
    [
      '.devcontainer/devcontainer.json',
      '{"image": "node", "initializeCommand": "x", "mounts": []}',
      ['initializeCommand', 'mounts'],
    ],
    ['.devcontainer/api/devcontainer.json', '{"image": "node", "postCreateCommand": "npm ci"}', []],
    ['tsconfig.json', '{"compilerOptions": {"plugins": [{"name": "x"}]}}', ['compilerOptions.plugins']],
    ['tsconfig.json', '{"compilerOptions": {"strict": true}}', []],
  ])('%s with %s: %j', async (path, text, keys) => {
    expect(await found(path, text)).toEqual(keys);
  });

  it('in a text that is nested too deep is refused as a whole', async () => {
    expect(await found('package.json', `{"a": ${'['.repeat(100_000)}`)).toEqual(['*']);
  });
});

describe('what runs elsewhere or later', () => {
  it('is grouped, with the first files of each', () => {
    const workflows = ['a', 'b', 'c', 'd'].map((name) => `.github/workflows/${name}.yml`);
    expect(describeBrought(tree(['Dockerfile', 'src/a.ts', ...workflows]))).toBe(
      'pipelines (.github/workflows/a.yml, .github/workflows/b.yml, .github/workflows/c.yml and 1 more), images (Dockerfile)',
    );
    expect(describeBrought(tree(['README.md']))).toBe('');
  });

  it.each([
    ['services: {}', false],
    ['services:\n  a:\n    volumes: [data:/data]\n    ports: ["80:80"]\n', false],
    ['services:\n  a:\n    privileged: true\n', true],
    ['services:\n  a:\n    volumes:\n      - /:/host\n', true],
    ['services:\n  a:\n    volumes:\n      - ~/.ssh:/x\n', true],
    ['services:\n  a:\n    network_mode: host\n', true],
  ])('says if containers reach the machine itself: %j %j', (text, isReaching) => {
    const said = describeBrought(tree(['docker-compose.orders.yaml'], text));
    expect(said.includes('containers that reach the machine itself')).toBe(isReaching);
  });
});

describe('an install without scripts', () => {
  it('is enough for every service that is generated', () => {
    const folder = join(import.meta.dirname, '../../templates/typescript');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const locks = names.filter((name) => name.includes('package-lock.json'));
    expect(locks.length).toBeGreaterThan(2);
    const wanting = locks.flatMap((name) => {
      const entries = readFileSync(join(folder, name), 'utf8').matchAll(
        /"node_modules\/([^"]+)": \{[^}]*"hasInstallScript"/g,
      );
      return [...entries].map(([, one]) => one);
    });
    // It works without, and is not named.
    expect([...new Set(wanting)]).toEqual(['esbuild']);
  });

  const lock = (packages: object) => JSON.stringify({ packages });
  it('names the packages that wanted one, and those of the service', () => {
    const files: Readonly<Record<string, string>> = {
      'package.json': '{"scripts": {"prepare": "x", "test": "y"}}',
      'package-lock.json': lock({
        '': { hasInstallScript: true },
        'node_modules/@a/b': { hasInstallScript: true },
        'node_modules/c/node_modules/@a/b': { hasInstallScript: true },
        'node_modules/d': {},
        'node_modules/esbuild': { hasInstallScript: true },
      }),
    };
    expect(heldBack((path) => files[path] ?? '')).toEqual([
      'no install script of a package ran; these want one: npm rebuild @a/b, once you trust them',
      'no install script of the service ran: npm run prepare',
    ]);
    expect(heldBack(() => '')).toEqual([]);
  });
});
