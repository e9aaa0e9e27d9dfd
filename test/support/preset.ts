import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contents } from './folder.ts';
import { FILES_ONLY, programWith, type RunOptions, type RunResult, run, type SmallTemplate } from './program.ts';

/** A template with one file of each kind that presets change. */
const SMALL: SmallTemplate = {
  files: {
    'base/Dockerfile.hbs': 'FROM node\n{{#> runtime}}\nUSER node\n{{/runtime}}\nCMD ["node"]\n',
    'base/README.md.hbs': '# {{name}}\n\n{{description}}\n',
    'base/_package.json.hbs': '{\n  "name": {{json packageName}},\n  "dependencies": { "b": "1" }\n}\n',
    'base/ci.yml': '# the pipeline\non: push\njobs:\n  test:\n    run: npm test\n',
    '+postgres/database.txt': 'postgres\n',
  },
  layers: [{ path: 'base' }, { path: '+postgres', when: { database: 'postgres' } }],
};

/** The same in another language, which builds on another image. */
const on = (image: string): SmallTemplate => ({
  ...SMALL,
  files: {
    ...SMALL.files,
    'base/_package.json.hbs': '{\n  "name": {{json name}},\n  "dependencies": { "b": "1" }\n}\n',
    'base/Dockerfile.hbs': `FROM ${image}\n{{#> runtime}}\nUSER 1000\n{{/runtime}}\nCMD ["service"]\n`,
  },
});

/** The built program on that template. */
export const smallProgram = () => programWith(SMALL, undefined, { go: on('golang'), python: on('python') });

/** The files of a preset: the lines of `preset.yaml` below its head, and other files. */
export function preset(yaml = '', more: Contents = {}, head = 'name: "@acme/standard"\nversion: 1.0.0'): Contents {
  return { 'preset.yaml': `schema: 1\n${head}\n${yaml}\n`, ...more };
}

/** The files with a folder in front of their paths. */
export function inFolder(folder: string, contents: Contents): Contents {
  return Object.fromEntries(Object.entries(contents).map(([path, content]) => [`${folder}/${path}`, content]));
}

/** Makes `orders` from the preset in `./preset`. */
export function create(args: readonly string[], options: RunOptions): Promise<RunResult> {
  return run(['orders', '--preset', './preset', '--yes', ...FILES_ONLY, ...args], options);
}

export const readText = (...path: string[]): string => readFileSync(join(...path), 'utf8');

/** The part of a manifest that the tests read. */
export const manifestOf = (folder: string) => JSON.parse(readText(folder, '.twelve.json'));
