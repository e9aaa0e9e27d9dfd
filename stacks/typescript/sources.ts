import type { FoundRoute } from '../../engine/core/service/route.ts';
import { readText } from '../../engine/core/service/text-file.ts';
import type { Concern } from '../../engine/core/service/variables.ts';
import type { Tree } from '../../engine/core/tree.ts';
import { readJson } from './read-json.ts';

const CALL = /\.(get|post|put|patch|delete|head|options|all)\s*(?:<[^()]*>)?\(\s*(["'`])(\/[^"'`]*)\2/g;

/** Calls of Fastify's methods of routes, with a path that is a text. */
export function findRoutes(tree: Tree): FoundRoute[] {
  return [...tree].flatMap(([file, { content }]) => {
    if (!/^src\/(features|plugins)\/.*\.[cm]?[jt]s$/.test(file) || /\.test\.[cm]?[jt]s$/.test(file)) return [];
    const text = Buffer.from(content).toString('utf8');
    return [...text.matchAll(CALL)].map(([, method = '', , path = '']) => ({
      method: method.toUpperCase(),
      path,
      file,
    }));
  });
}

/** The members in upper case of each file of `src/config` and `src/platform/config`. */
export function findConcerns(tree: Tree): Concern[] {
  return [...tree].flatMap(([path, file]) => {
    const name = /^src\/(?:platform\/)?config\/([^/.]+)\.ts$/.exec(path)?.[1];
    if (name === undefined) return [];
    const declared = readText(file).text.matchAll(/^\s*["']?([A-Z][A-Z0-9_]*)["']?\s*:/gm);
    return [{ name, path, variables: [...declared].map(([, variable = '']) => variable) }];
  });
}

/** What package.json and the lockfiles say. */
export function guess(read: (path: string) => string): Record<string, unknown> {
  const { name, description, license, author, packageManager } = readJson(read('package.json'));
  const [, said] = /^(\w+)@/.exec(String(packageManager)) ?? [];
  return {
    name,
    description,
    license,
    packageManager: said ?? (read('pnpm-lock.yaml') === '' ? undefined : 'pnpm'),
    author: typeof author === 'string' ? author : (Object(author) as { name?: unknown }).name,
  };
}
