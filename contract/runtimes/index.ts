import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { go } from './go.ts';
import { java } from './java.ts';
import { node } from './node.ts';
import { python } from './python.ts';
import type { Runtime } from './runtime.ts';
import { rust } from './rust.ts';

/** What is known of languages, in the order in which they count where a folder has several. */
export const RUNTIMES: readonly Runtime[] = [node, go, rust, python, java];

/** Manifests of languages of which nothing else is known. */
const OTHER_MANIFESTS = ['Gemfile', 'composer.json'];

/** Names of all files that name the dependencies of a project. */
export const MANIFESTS: readonly string[] = [...RUNTIMES.flatMap(({ manifests }) => manifests), ...OTHER_MANIFESTS];

/** Stack traces of all languages: of those above, of .NET, PHP and Ruby. */
export const STACK_TRACE = new RegExp(
  [
    ...RUNTIMES.map(({ stackTrace }) => stackTrace.source),
    String.raw`\bin \S+\.cs:line \d+|#\d+ \S+\.php\(\d+\)|\.rb:\d+:in `,
  ].join('|'),
);

/** The language of a folder's service, if it is known. */
export function runtimeOf(folder: string): Runtime | undefined {
  return RUNTIMES.find(({ manifests, signs = [] }) =>
    [...manifests, ...signs].some((name) => existsSync(join(folder, name))),
  );
}

/** Where a folder may have programs of its own. */
export const programFolders = (folder: string): string[] =>
  ofAll((runtime) => runtime.programFolders.map((name) => join(folder, name)));

/** What all runtimes say together, such as their folders of programs. */
export const ofAll = <Value>(values: (runtime: Runtime) => readonly Value[]): Value[] => RUNTIMES.flatMap(values);
