import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CORE_MODULES } from '../../engine/core/names.ts';
import { HELPERS } from '../../engine/core/template/helpers.ts';
import { sameFile, type Tree } from '../../engine/core/tree.ts';
import { loadTemplateFolder, readTemplateFolder } from '../../engine/io/source/source.ts';
import { renderService } from '../../generators/create/plan.ts';
import { createVariables, parseCreateAnswers } from '../../generators/create/questions.ts';
import { GENERATORS } from '../../generators/generators.ts';
import { STACKS } from '../../stacks/index.ts';
import { filesIn } from '../support/folder.ts';
import { ROOT } from '../support/program.ts';

const VARIABLES = createVariables();
const folderOf = (stack: string) => join(ROOT, 'templates', stack);
const load = (stack: string) =>
  loadTemplateFolder(folderOf(stack), { source: 'test', version: '0', variables: VARIABLES });

const ADDITIONS = GENERATORS.flatMap(({ addition }) => addition ?? []);

const OPTION_SETS = ['postgres', 'none'].flatMap((database) =>
  ['redis', 'none'].flatMap((cache) => {
    // The other half is in kubernetes.test.ts.
    const deploy = (database === 'postgres') === (cache === 'redis') ? 'kubernetes' : 'none';
    return ['github', 'gitlab', 'none'].map((ci) => ({ database, cache, ci, deploy }));
  }),
);

const text = (content: Uint8Array): string => Buffer.from(content).toString();

/** Checks what a linter of the format would refuse first. */
function wellFormed(path: string, content: string): void {
  if (path.endsWith('.json') && !/tsconfig/.test(path)) JSON.parse(content);
  if (/\.ya?ml$/.test(path)) parse(content, { merge: true });
}

const COMMON = join(ROOT, 'templates/common');

/** Files below a folder of a stack and the same folder of `common`, as their source is named. */
function filesOf(stack: string, below: string): string[] {
  const common = join(COMMON, below);
  return [
    ...filesIn(join(folderOf(stack), below)),
    ...(existsSync(common) ? filesIn(common).map((path) => `common/${path}`) : []),
  ];
}

/** The files of the service's template. Generators that add to a service have their own templates below it. */
function ownFiles(stack: string): string[] {
  const others = ADDITIONS.flatMap(({ template: folder }) => [`${folder}/`, `common/${folder}/`]);
  return filesOf(stack, '').filter((path) => !others.some((folder) => path.startsWith(folder)));
}

/** Files outside of the layers: the list of layers, and the lines for files of `common`. */
const isLayered = (path: string) => path !== 'template.json' && !path.startsWith('blocks/');

describe.each(STACKS.map((stack) => [stack.id, stack] as const))('the templates of %s', (id, stack) => {
  const template = load(id);

  it.each(ADDITIONS)(
    'every file of $template is in a layer, and is compiled',
    async ({ template: folder, load: loadCode }) => {
      const path = join(folderOf(id), folder);
      const variables = (await loadCode()).variables(await stack.load());
      const { layers } = readTemplateFolder(path);
      const listed = layers.flatMap(({ files }) => files.map(({ source }) => source));
      expect(listed.sort()).toEqual(filesOf(id, folder).filter(isLayered).sort());
      const compiled = loadTemplateFolder(path, {
        source: 'test',
        version: '0',
        variables,
      });
      const templates = compiled.layers.flatMap(({ files }) => files()).filter(({ render }) => render !== undefined);
      expect(templates.map(({ source }) => source).sort()).toEqual(listed.filter((one) => one.endsWith('.hbs')).sort());
    },
  );

  it('every file of the folder and of common is in a layer that template.json names', () => {
    const listed = readTemplateFolder(folderOf(id)).layers.flatMap(({ files }) => files.map(({ source }) => source));
    expect([...new Set(listed)].sort()).toEqual(ownFiles(id).filter(isLayered).sort());
  });

  it('every .hbs is compiled, and a file that is not compiled is found', () => {
    const templates = ownFiles(id).filter((path) => isLayered(path) && path.endsWith('.hbs'));
    const compiled = template.layers.flatMap(({ files }) => files()).filter(({ render }) => render !== undefined);
    expect([...new Set(compiled.map(({ source }) => source))].sort()).toEqual(templates.sort());
    expect(templates.length).toBeGreaterThan(10);
  });

  describe.each(OPTION_SETS)('$database, $cache, $ci, $deploy', (options) => {
    const answers = parseCreateAnswers({
      ...options,
      stack: id,
      name: '@acme/order-items',
      description: 'Keeps orders',
      author: 'A. Nyone',
      registry: 'ghcr.io/acme',
    });
    let service: Tree;

    it('renders, and twice to the same bytes', async () => {
      service = await renderService(template, answers);
      const again = await renderService(load(id), answers);
      expect([...again.keys()]).toEqual([...service.keys()]);
      for (const [path, file] of again) {
        const first = service.get(path);
        expect(first !== undefined && sameFile(first, file), path).toBe(true);
      }
    });

    it('contains no tag of the template language', () => {
      const names = [...VARIABLES.keys(), ...Object.keys(HELPERS), 'else'].join('|');
      const token = new RegExp(`__(${names})__`);
      // Other tools use braces too: workflows after a dollar sign, and Renovate.
      const expression = new RegExp(`(?<!\\$)\\{\\{[{~&]*\\s*([#/^!>]|(${names})\\b)`);
      expect('{{name}} {{~#if x}} {{json x}}').toMatch(expression);
      for (const [path, { content }] of service) {
        // Python has names of this form too.
        expect(path.replace(/\/__(init|main)__\.py$/, '')).not.toMatch(/__|\.hbs$|(^|\/)_/);
        expect(text(content), path).not.toMatch(expression);
        expect(path.endsWith('.py') ? text(content).replaceAll('__name__', '') : text(content), path).not.toMatch(
          token,
        );
        expect(text(content), path).not.toMatch(/TODO|FIXME|\[object /);
      }
    });

    it('is clean text: no trailing blanks, one newline at the end, no tabs where YAML has none', () => {
      for (const [path, { content }] of service) {
        const lines = text(content);
        expect(lines, path).not.toMatch(/[ \t\r]+$/m);
        if (lines !== '') expect(lines, path).toMatch(/[^\n]\n$/);
        // Two blank lines are Python's own, also where a document shows it.
        const hasPython = path.endsWith('.py') || lines.includes('```python');
        expect(lines, path).not.toMatch(hasPython ? /\n{4}/ : /\n{3}/);
        wellFormed(path, lines);
      }
    });

    it('contains only what was chosen', () => {
      const paths = [...service.keys()];
      expect(paths.includes('.gitlab-ci.yml' as never)).toBe(options.ci === 'gitlab');
      expect(paths.some((path) => path.startsWith('.github/workflows/'))).toBe(options.ci === 'github');
      expect(paths.some((path) => path.startsWith('migrations/'))).toBe(options.database === 'postgres');
      expect(paths.some((path) => path.startsWith('deploy/'))).toBe(options.deploy === 'kubernetes');
      const manifest = text(service.get(stack.places.manifest as never)?.content ?? Buffer.from(''));
      expect(/"pg"|"@types\/pg"|pglite|jackc\/pgx|psycopg|postgres/.test(manifest)).toBe(
        options.database === 'postgres',
      );
      expect(/redis/.test(manifest)).toBe(options.cache === 'redis');
    });

    it('checks what waits in a merge queue of GitHub', () => {
      const pipeline = service.get('.github/workflows/ci.yml' as never);
      const events = pipeline && Object.keys(parse(text(pipeline.content)).on);
      expect(events).toEqual(options.ci === 'github' ? ['push', 'pull_request', 'merge_group'] : undefined);
    });

    it('has a lockfile that fits its manifest', async () => {
      const { lock } = await stack.load();
      const read = (path: string) => {
        const file = service.get(path as never);
        return file && text(file.content);
      };
      expect(await lock.check(read)).toEqual({ kind: 'fits', path: stack.places.lockfile });
    });

    it.runIf(id === 'typescript')('locks exactly what its package.json names, without URLs', () => {
      const manifest = JSON.parse(text(service.get('package.json' as never)?.content ?? Buffer.from('{}')));
      const { name, packages } = JSON.parse(
        text(service.get('package-lock.json' as never)?.content ?? Buffer.from('{}')),
      );
      const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
      expect(Object.keys(manifest.dependencies)).toEqual(Object.keys(manifest.dependencies).sort());
      expect(names.filter((one) => CORE_MODULES.has(one))).toEqual([]);
      expect(name).toBe('@acme/order-items');
      expect(packages[''].dependencies).toEqual(manifest.dependencies);
      expect(packages[''].devDependencies).toEqual(manifest.devDependencies);
      expect(packages[''].license).toBe(manifest.license);
      for (const [path, entry] of Object.entries<{ resolved?: string; integrity?: string }>(packages)) {
        expect(entry.resolved, path).toBeUndefined();
        if (path !== '') expect(entry.integrity, path).toMatch(/^sha512-/);
      }
    });
  });
});

it('the platform of a service imports nothing of the team: it can move into a package', () => {
  // Who the service is, says its manifest.
  const sources = filesOf('typescript', '').filter((path) => /\/src\/platform\/.*(?<!\.test)\.ts(\.hbs)?$/.test(path));
  const outside = sources.flatMap((path) => {
    const folder = posix.dirname(path.slice(path.indexOf('/src/') + 1));
    const imports = readFileSync(join(folderOf('typescript'), path), 'utf8').matchAll(
      /\b(?:from|import\()\s*"(\.[^"]+)"/g,
    );
    return [...imports]
      .map(([, to = '']) => posix.join(folder, to))
      .filter((to) => !to.startsWith('src/platform/') && to !== 'package.json')
      .map((to) => `${path} -> ${to}`);
  });
  expect(outside).toEqual([]);
  expect(sources.length).toBeGreaterThan(20);
});

it('common names no language, except where it runs this program with npm', () => {
  const language =
    /\b(npm|npx|node|nodejs|tsx|tsc|vitest|biome|fastify|typescript|javascript|golang|python|pip|uv|package\.json|node_modules|go\.(mod|sum)|pyproject)\b|\.(ts|js|mjs|go|py)\b|\b(src|dist)\//i;
  const isVerifier = /create-twelve-service|\.twelve\.json|--workdir "\$PWD" node:\S+$/;
  const named = filesIn(COMMON).flatMap((path) =>
    readFileSync(join(COMMON, path), 'utf8')
      .split('\n')
      .filter((line) => language.test(line) && !isVerifier.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(named).toEqual([]);
  expect(filesIn(COMMON).filter((path) => language.test(path))).toEqual([]);
  for (const told of ['- run: npm ci', 'image: node:26-alpine3.24', 'COPY src/main.ts dist/', 'cat go.sum'])
    expect(told).toMatch(language);
});

it('the layers of dependencies are in the repository, not ignored by it', () => {
  expect(readFileSync(join(ROOT, '.gitignore'), 'utf8')).not.toMatch(/package-lock|go\.sum/);
});
