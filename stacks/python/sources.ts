import type { FoundRoute } from '../../engine/core/service/route.ts';
import { readText } from '../../engine/core/service/text-file.ts';
import type { Concern } from '../../engine/core/service/variables.ts';
import type { Tree } from '../../engine/core/tree.ts';

/** `@router.post("/orders", ...)`: the decorator of a handler. */
const DECORATOR = /^@(\w+)\.(get|post|put|patch|delete|head|options)\(\s*(["'])(\/?[^"'\n]*)\3/gm;
/** `router = Router(prefix="/orders", ...)` */
const PREFIX = /^(\w+)\s*=\s*(?:API)?Router\([^()]*\bprefix\s*=\s*(["'])(\/[^"'\n]*)\2/gm;

/** Routes that modules of features register, with a path that is a text. */
export function findRoutes(tree: Tree): FoundRoute[] {
  return [...tree].flatMap(([file, source]) => {
    if (!/^src\/service\/features\/.*\.py$/.test(file)) return [];
    const { text } = readText(source);
    const prefixes = new Map([...text.matchAll(PREFIX)].map(([, router = '', , prefix = '']) => [router, prefix]));
    return [...text.matchAll(DECORATOR)].map(([, router = '', method = '', , path = '']) => ({
      method: method.toUpperCase(),
      path: `${prefixes.get(router) ?? ''}${path}`.replace(/\{\w+:path\}$/, '*').replace(/\{(\w+)(?::\w+)?\}/g, ':$1'),
      file,
    }));
  });
}

/**
 * The variables that each module of `src/service/config` declares: the fields of its classes, in upper case. A concern has the same
 * name in every language, `flag-new-checkout`.
 */
export function findConcerns(tree: Tree): Concern[] {
  return [...tree].flatMap(([path, file]) => {
    const [, name] = /^src\/service\/config\/([^/]+)\.py$/.exec(path) ?? [];
    if (name === undefined || name === '__init__') return [];
    const classes = readText(file).text.matchAll(/^class \w+\(Concern\):\n((?:[ \t].*\n|\n)*)/gm);
    const declared = [...classes].flatMap(([, body = '']) => [...body.matchAll(/^ {4}([a-z][a-z0-9_]*)\s*:/gm)]);
    return [
      { name: name.replaceAll('_', '-'), path, variables: declared.map(([, field = '']) => field.toUpperCase()) },
    ];
  });
}

/** What pyproject.toml says of the project. */
export function guess(read: (path: string) => string): Record<string, unknown> {
  const [, project = ''] =
    /^\[project\]\n((?:(?!\[).*\n?)*)/m.exec(read('pyproject.toml').replaceAll('\r\n', '\n')) ?? [];
  const text = (key: string) =>
    new RegExp(`^${key}\\s*=\\s*("(?:[^"\\\\\\n]|\\\\.)*"|'[^'\\n]*')`, 'm').exec(project)?.[1];
  const [, author] = /^authors\s*=\s*\[[^\]]*?\bname\s*=\s*("(?:[^"\\\n]|\\.)*"|'[^'\n]*')/m.exec(project) ?? [];
  return {
    name: textOf(text('name')),
    description: textOf(text('description')),
    license: textOf(text('license')),
    author: textOf(author),
  };
}

/** A text of TOML as JSON has it too; others are not guessed. */
function textOf(literal: string | undefined): string | undefined {
  if (literal === undefined) return undefined;
  if (literal.startsWith("'")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
