import type { FoundRoute } from '../../engine/core/service/route.ts';
import { readText } from '../../engine/core/service/text-file.ts';
import type { Concern } from '../../engine/core/service/variables.ts';
import type { Tree } from '../../engine/core/tree.ts';
import { parseModule } from './module.ts';

/** `huma.Operation{Method: http.MethodPost, Path: "/orders"}`, up to the next one: its path may have braces. */
const OPERATION = /\bOperation\{((?:(?!\bOperation\{).)*)/gs;
const METHOD = /\bMethod:\s*(?:http\.Method(\w+)|"(\w+)")/;
const PATH = /\bPath:\s*"([^"\n]*)"/;
/** `huma.Get(app, "/orders", ...)` */
const SHORT = /\bhuma\.(Get|Post|Put|Patch|Delete|Head|Options)\(\s*\w+,\s*"([^"\n]*)"/g;
/** `mux.HandleFunc("GET /orders", ...)` */
const PATTERN = /\.Handle(?:Func)?\(\s*"([A-Z]+) ([^"\n]*)"/g;

/** Routes that files of features register, with a path that is a text. */
export function findRoutes(tree: Tree): FoundRoute[] {
  return [...tree].flatMap(([file, source]) => {
    if (!/^internal\/features\/.*\.go$/.test(file) || file.endsWith('_test.go')) return [];
    const { text } = readText(source);
    const operations = [...text.matchAll(OPERATION)].flatMap(([, fields = '']): [string, string][] => {
      const [, constant, literal] = METHOD.exec(fields) ?? [];
      const [, path] = PATH.exec(fields) ?? [];
      const method = constant ?? literal;
      return method === undefined || path === undefined ? [] : [[method, path]];
    });
    const others = [SHORT, PATTERN].flatMap((call) =>
      [...text.matchAll(call)].map(([, method = '', path = '']): [string, string] => [method, path]),
    );
    return [...operations, ...others].map(([method, path]) => ({
      method: method.toUpperCase(),
      path: path
        .replace(/\{\$\}$/, '')
        .replace(/\{(\w+)\.\.\.\}$/, '*')
        .replace(/\{(\w+)\}/g, ':$1'),
      file,
    }));
  });
}

/** The variables that each file of `internal/config` declares. */
export function findConcerns(tree: Tree): Concern[] {
  return [...tree].flatMap(([path, file]) => {
    const [, name] = /^internal\/config\/([^/]+)\.go$/.exec(path) ?? [];
    if (name === undefined || name.endsWith('_test')) return [];
    const declared = readText(file).text.matchAll(/\bName:\s*"([A-Z][A-Z0-9_]*)"/g);
    return [{ name, path, variables: [...declared].map(([, variable = '']) => variable) }];
  });
}

/** The files of a service that may have its name and description. */
const IDENTITIES = ['main.go', 'internal/platform/identity/service.go'];

/** What a service says of itself in its constants, else the last part of its module's path. */
export function guess(read: (path: string) => string): Record<string, unknown> {
  const said = (name: string) =>
    IDENTITIES.flatMap(
      (path) => new RegExp(`\\b${name}\\s*[:=]\\s*("(?:[^"\\\\\n]|\\\\.)*")`).exec(read(path))?.[1] ?? [],
    )[0];
  const { path = '' } = parseModule(read('go.mod')) ?? {};
  const parts = path.split('/').filter((part) => !/^v\d+$/.test(part));
  const last = parts.length > 1 ? parts.at(-1) : undefined;
  return { name: textOf(said('Name')) ?? last, description: textOf(said('Description')) };
}

/** A string of Go as JSON has it too; others are not guessed. */
function textOf(literal: string | undefined): string | undefined {
  if (literal === undefined) return undefined;
  try {
    return String(JSON.parse(literal));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
