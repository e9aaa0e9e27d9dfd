import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { build, type Plugin } from 'esbuild';
import { PRESET_SCHEMA } from '../engine/core/preset/preset-schema.ts';
import { AJV_OPTIONS } from '../engine/core/preset/preset-validator.ts';
import { createVariables } from '../generators/create/questions.ts';
import { GENERATORS } from '../generators/generators.ts';
import { joiningVariables } from '../generators/workspace/service-addition.ts';
import { presetVariables } from '../maintenance/preset/init.ts';
import { STACKS } from '../stacks/index.ts';
import type { Stack } from '../stacks/stack.ts';
import { buildIdOf } from './build-id.ts';
import { bundledLicences } from './licences.ts';
import { packTemplate } from './pack-template.ts';

/**
 * Builds `dist/`, which is what the package runs from:
 *
 *   bin.cjs                      starts main.cjs through V8's code cache
 *   main.cjs                     the whole program, dependencies bundled
 *   about.cjs                    help texts, `describe` and completions
 *   keep.cjs                     what keeps services on their standard
 *   verify.cjs                   the verifier of the contract
 *   openapi.cjs                  endpoints from a document
 *   <stack>.cjs                  what only some commands have to know of a stack
 *   plopfile.cjs                 the same generators as a plopfile and plop pack
 *   templates/<stack>/           the templates, compiled (see engine/io/source/packed.ts)
 */
const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** Every template, below `templates/`, with the names that it may use. */
const TEMPLATES = [
  ...(await Promise.all(STACKS.map(stackTemplates))).flat(),
  { path: 'preset', variables: presetVariables() },
  { path: 'workspace', variables: createVariables() },
  { path: 'workspace/service', variables: joiningVariables() },
];

async function stackTemplates({ id, load }: Stack) {
  const code = await load();
  const additions = GENERATORS.flatMap(({ addition }) => addition ?? []).map(async ({ template, ...addition }) => ({
    path: `${id}/${template}`,
    variables: (await addition.load()).variables(code),
  }));
  return [{ path: id, variables: createVariables() }, ...(await Promise.all(additions))];
}

/** Dependencies that most runs do not need. */
const LAZY = ['diff', 'fs-extra', 'inquirer', 'jsonc-parser', 'semver', 'std-env', 'tar', 'yaml'];

/** Parts of the program that only some commands load: entry -> bundle. */
const PARTS: Readonly<Record<string, string>> = {
  'bin/about.ts': 'about.cjs',
  'bin/keep.ts': 'keep.cjs',
  'bin/run/verify.ts': 'verify.cjs',
  'generators/add-endpoint/from-document.ts': 'openapi.cjs',
  'generators/add-endpoint/addition.ts': 'endpoint.cjs',
  ...Object.fromEntries(STACKS.map(({ id }) => [`stacks/${id}/code.ts`, `${id}.cjs`])),
};

/** `engine/core/preset/preset-validator.ts`, compiled now. */
function presetValidator(): string {
  const ajv = new Ajv2020({ ...AJV_OPTIONS, code: { source: true } });
  const code = standalone.default(ajv, ajv.compile(PRESET_SCHEMA));
  return `${code}\nmodule.exports.loadValidator = async () => module.exports;`;
}

/** The published program loads compiled templates, and has no part that it never runs. */
const swaps: Plugin = {
  name: 'swaps',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\/(builtin|fs-extra)\.ts$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(/\.ts$/, '.packaged.ts')),
    }));
    onResolve({ filter: /\/preset-validator\.ts$/ }, () => ({ path: 'preset-validator', namespace: 'validator' }));
    onLoad({ filter: /.*/, namespace: 'validator' }, () => ({ contents: presetValidator(), resolveDir: ROOT }));
    // pg asks for it only where a program wants the C library.
    onResolve({ filter: /^pg-native$/ }, () => ({ path: join(ROOT, 'engine/io/not-bundled.ts') }));
    // The editor prompt, which no question uses, is two thirds of inquirer: tables of character sets.
    onResolve({ filter: /^@inquirer\/external-editor$/ }, () => ({ path: join(ROOT, 'engine/io/not-bundled.ts') }));
    // What is only sometimes needed is a file of its own, so that it is not even read otherwise.
    onResolve({ filter: /\/io\/source\/source\.ts$|\.\/source\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './lazy/source.cjs', external: true } : undefined,
    );
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      const own = kind === 'dynamic-import' && PARTS[relative(ROOT, join(resolveDir, path))];
      return own ? { path: `./${own}`, external: true } : undefined;
    });
    onResolve({ filter: /^[a-z]/ }, ({ kind, path }) =>
      kind === 'dynamic-import' && LAZY.includes(path) ? { path: `./lazy/${path}.cjs`, external: true } : undefined,
    );
  },
};

async function bundle(entry: string, outfile: string, define: Record<string, string> = {}): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [entry.endsWith('.ts') ? join(ROOT, entry) : entry],
    absWorkingDir: ROOT,
    outfile: join(DIST, outfile),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    minify: true,
    external: ['./lazy/*', ...Object.values(PARTS).map((file) => `./${file}`)],
    // Its `main` is UMD, whose requires no bundler sees.
    ...(entry === 'jsonc-parser' ? { mainFields: ['module', 'main'] } : {}),
    supported: { 'dynamic-import': false },
    legalComments: 'none',
    metafile: true,
    plugins: [swaps],
    logLevel: 'warning',
    // plop imports a pack and calls its default export, which for CommonJS is module.exports itself.
    ...(outfile === 'plopfile.cjs' ? { footer: { js: 'module.exports=module.exports.default;' } } : {}),
    banner: { js: 'const __importMetaUrl=__filename;' },
    define: {
      PACKAGE_VERSION: JSON.stringify(version),
      'import.meta.url': '__importMetaUrl',
      'import.meta.dirname': '__dirname',
      ...define,
    },
  });
  return Object.keys(metafile.inputs);
}

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
for (const { path, variables } of TEMPLATES)
  packTemplate(join(ROOT, 'templates', path), join(DIST, 'templates', path), { stack: path, version, variables });
const inputs = [
  ...(await bundle('bin/create-twelve-service.ts', 'main.cjs')),
  ...(await bundle('bin/plopfile.ts', 'plopfile.cjs')),
  ...(await Promise.all(Object.entries(PARTS).map(([entry, file]) => bundle(entry, file)))).flat(),
  ...(await bundle('engine/io/source/source.ts', 'lazy/source.cjs')),
  ...(await Promise.all(LAZY.map((name) => bundle(name, `lazy/${name}.cjs`)))).flat(),
];
await bundle('bin/launch.ts', 'bin.cjs', { BUILD_ID: JSON.stringify(buildIdOf(DIST)) });
const launcher = join(DIST, 'bin.cjs');
writeFileSync(launcher, `#!/usr/bin/env node\n${readFileSync(launcher, 'utf8')}`);
chmodSync(launcher, 0o755);
writeFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), bundledLicences(ROOT, inputs));
