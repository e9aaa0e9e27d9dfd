import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundledLicences } from '../../scripts/licences.ts';
import { missingAddresses } from '../../scripts/publishable.ts';
import { filesIn, temporaryFolder } from '../support/folder.ts';
import { execute, FILES_ONLY, ROOT, run } from '../support/program.ts';

const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** Packages that are reached from `roots`, as `name -> folder`. */
function closure(roots: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (name: string, from: string): void => {
    const nested = join(from, 'node_modules', name);
    const folder = existsSync(join(nested, 'package.json')) ? nested : join(ROOT, 'node_modules', name);
    if (found.has(name) || !existsSync(join(folder, 'package.json'))) return;
    found.set(name, folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) visit(dependency, folder);
  };
  for (const root of roots) visit(root, ROOT);
  return found;
}

/** Long string literals of a package's code: a minifier does not change them. */
function fingerprints(folder: string): Set<string> {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.[cm]?js$/.test(path) && !/(^|\/)(node_modules|test|tests|dist\/handlebars.*min|bin)\//.test(path),
  );
  const text = sources.map((path) => readFileSync(join(folder, path), 'utf8')).join('\n');
  return new Set([...text.matchAll(/(['"])([A-Za-z][\w ,.:-]{19,120})\1/g)].map(([, , literal = '']) => literal));
}

describe('the package', () => {
  let packed: Packed;

  beforeAll(async () => {
    // --ignore-scripts: the build would remove dist/ while other tests use it.
    const { code, stdout, stderr } = await execute('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      env: process.env,
    });
    if (code !== 0) throw new Error(`npm pack ended with ${code}: ${stderr}`);
    const [result] = JSON.parse(stdout);
    packed = result;
  }, 120_000);

  it('contains the program, the templates as data, and the documents', () => {
    const paths = new Set(packed.files.map(({ path }) => path));
    for (const path of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist/THIRD-PARTY-LICENSES.txt'])
      expect(paths, path).toContain(path);
    for (const path of filesIn(join(ROOT, 'dist'))) expect(paths, 'npm leaves it out').toContain(`dist/${path}`);
    const index = JSON.parse(readFileSync(join(ROOT, 'dist/templates/typescript/index.json'), 'utf8'));
    expect(index).toMatchObject({ id: 'typescript', version: MANIFEST.version });
    expect(paths).toContain('dist/templates/typescript/files.bin');
    const strangers = [...paths].filter((path) => !/^dist\/|^(package\.json|[A-Z]+(\.md)?)$/.test(path));
    expect(strangers).toEqual([]);
  });

  it('is smaller than 1.3 MB', () => {
    expect(packed.size).toBeGreaterThan(50_000);
    expect(packed.size).toBeLessThan(1_300_000);
  });

  it('keeps the execute bit of its program and of templates', () => {
    const executable = packed.files.filter(({ mode }) => mode & 0o111).map(({ path }) => path);
    expect(executable).toContain('dist/bin.cjs');
  });

  it('has no dependency at run time, and runs nothing when it is installed', () => {
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'])
      expect(MANIFEST[kind], kind).toBeUndefined();
    for (const hook of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(MANIFEST.scripts[hook]).toBeUndefined();
    expect(MANIFEST.bin).toEqual({ 'create-twelve-service': 'dist/bin.cjs', twelve: 'dist/bin.cjs' });
    expect(MANIFEST.engines.node).toBe('^20.19 || ^22.12 || >=24');
  });

  it('its bundle loads only modules of Node and its own files', () => {
    for (const path of filesIn(join(ROOT, 'dist')).filter((name) => name.endsWith('.cjs'))) {
      const code = readFileSync(join(ROOT, 'dist', path), 'utf8');
      const loaded = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, id = '']) => id);
      expect(
        // The one of ajv is only a text: where a validator in its own file would find the helper.
        loaded.filter(
          (id) =>
            !/^(node:|\.\/|ajv\/dist\/runtime\/ucs2length$)/.test(id) && !/^[a-z_]+(\/(promises|types))?$/.test(id),
        ),
        path,
      ).toEqual([]);
      expect(code, path).not.toMatch(/\/(home|root|work|Users)\/\w/);
    }
  });

  it('names the licence of every package that is in the bundle', () => {
    const licences = readFileSync(join(ROOT, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const code = [
      'main.cjs',
      'plopfile.cjs',
      'verify.cjs',
      ...readdirSync(join(ROOT, 'dist/lazy')).map((name) => `lazy/${name}`),
    ]
      .map((path) => readFileSync(join(ROOT, 'dist', path), 'utf8'))
      .join('\n');
    const packages = closure(
      Object.keys(MANIFEST.devDependencies).filter(
        (name) =>
          !/^(vitest|typescript|tsx|esbuild|publint|fast-check|@types\/.*|@biomejs\/.*|ajv|commonmark)$/.test(name),
      ),
    );
    const prints = new Map([...packages].map(([name, folder]) => [name, fingerprints(folder)]));
    const owners = new Map<string, number>();
    for (const literals of prints.values()) for (const text of literals) owners.set(text, (owners.get(text) ?? 0) + 1);
    const bundled = [...prints]
      .filter(([, literals]) => [...literals].some((text) => owners.get(text) === 1 && code.includes(text)))
      .map(([name]) => name);
    expect(bundled).toEqual(expect.arrayContaining(['inquirer', 'yaml', 'diff', 'fs-extra']));
    // The pack runs in whatever plop loads it, and the command line without one.
    expect(bundled).not.toContain('node-plop');
    for (const name of bundled)
      expect(licences, name).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+.* \\(.+\\)$`, 'm'));
    // The text of the licence, not just its name.
    expect(licences.match(/Permission (is hereby granted|to use, copy)/g)?.length).toBeGreaterThan(5);
  });

  it('a package without a licence may not be bundled', () => {
    expect(bundledLicences(ROOT, ['node_modules/yaml/dist/index.js', 'bin/main.ts'])).toMatch(/^yaml [\d.]+ \(ISC\)\n/);
    expect(() => bundledLicences(ROOT, ['test/core/node_modules/none/index.js'])).toThrow();
  });

  it('publint has nothing to say', async () => {
    const files = packed.files.map(({ path }) => ({ name: `package/${path}`, data: readFileSync(join(ROOT, path)) }));
    const { messages } = await publint({ pkgDir: 'package', pack: { files }, strict: true });
    expect(messages).toEqual([]);
    const broken = files.filter(({ name }) => name !== 'package/dist/plopfile.cjs');
    const found = await publint({ pkgDir: 'package', pack: { files: broken }, strict: true });
    expect(found.messages.map(({ code }) => code)).toContain('FILE_DOES_NOT_EXIST');
  });

  it('is not published without the addresses of its code and its faults', () => {
    expect(missingAddresses({})).toEqual(['repository', 'bugs']);
    expect(
      missingAddresses({ repository: { url: 'https://git.example/a' }, bugs: { url: 'https://git.example/b' } }),
    ).toEqual([]);
    expect(MANIFEST.scripts.prepublishOnly).toBe('tsx scripts/publishable.ts');
  });

  it('is as large as the documents say, within a tenth', async () => {
    const [readme, comparison] = ['README.md', 'docs/comparison.md'].map((path) =>
      readFileSync(join(ROOT, path), 'utf8'),
    );
    const isNear = (said: string | undefined, is: number) => Math.abs(Number(said) - is) <= is / 10;
    for (const text of [readme, comparison]) {
      const [, kilobytes, files] = /(?:has|is) (\d+) kB packed[^.]*, in (\d+) files/.exec(text ?? '') ?? [];
      expect([kilobytes, packed.size, isNear(kilobytes, packed.size / 1000)]).toEqual([kilobytes, packed.size, true]);
      expect(files).toBe(String(packed.files.length));
    }
    const cwd = temporaryFolder();
    const { stderr } = await run(['orders', '--cache', 'redis', '--yes', ...FILES_ONLY], { cwd });
    const count = (text = '') => /orders is in orders \((\d+) files\)/.exec(text)?.[1];
    expect([count(readme), count(stderr), isNear(count(readme), Number(count(stderr)))]).toEqual([
      count(readme),
      count(stderr),
      true,
    ]);
  });
});
