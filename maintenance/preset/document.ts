import type { ParseError } from 'jsonc-parser';
import { instructions } from '../../engine/core/audit/dockerfile.ts';
import { workflowProblems } from './github-workflow.ts';
import { pipelineProblems } from './gitlab-pipeline.ts';
import type { Spot } from './spot.ts';

/** A rendered file as its tool reads it. */
export interface Document {
  /** Texts, numbers, lists and maps. */
  readonly value: unknown;
  /** Scripts in it that a shell runs. */
  readonly scripts: readonly { readonly line: number; readonly text: string }[];
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
  /** Whether `${{ }}` in any of its texts is an expression. */
  readonly isEvaluated?: boolean;
}

export const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/;
const PIPELINE = /^\.gitlab-ci\.yml$/;

/** Whether a CI reads the file, so that a shell runs some of its texts. */
export function isPipeline(path: string): boolean {
  return PIPELINE.test(path) || /^\.(github|gitlab)\//.test(path);
}

const DOCKERFILE = /(^|\/)(Dockerfile|Containerfile)(\.[\w-]+)?$|\.Dockerfile$/i;
/** Tools read these with comments and commas at the end, whatever the language of the service. */
const WITH_COMMENTS = /(^|\/)(\.vscode\/[^/]+|\.?devcontainer|renovate)\.json$|\.(jsonc|json5|code-workspace)$/;

/** Keys whose texts a shell runs, in pipelines. */
const SCRIPT_KEYS = new Set(['run', 'script', 'before_script', 'after_script']);

/**
 * Reads a rendered file.
 * @param withComments further paths of JSON with comments
 * @returns nothing for a format that is not read
 */
export async function readDocument(path: string, text: string, withComments: RegExp): Promise<Document | undefined> {
  if (DOCKERFILE.test(path)) return readDockerfile(text);
  if (/\.ya?ml$/.test(path)) return readYaml(path, text);
  if (WITH_COMMENTS.test(path) || withComments.test(path)) return readJsonWithComments(text);
  if (/\.json$/.test(path)) return readJson(text);
  if (/\.(sh|bash)$/.test(path)) return { value: '', scripts: [{ line: 1, text }], problems: [] };
  return undefined;
}

function readDockerfile(text: string): Document {
  const all = [...instructions(text)];
  const [first] = all.filter(({ name }) => name !== 'ARG');
  const problems = all
    .filter(({ name }) => !KEYWORDS.has(name))
    .map(({ name, line }) => ({ line, reason: `"${name}" is not an instruction of a Dockerfile` }));
  if (first?.name !== 'FROM') problems.unshift({ line: first?.line ?? 1, reason: 'a Dockerfile begins with FROM' });
  return {
    value: all.map(({ name, text: rest, documents }) => ({ name, rest, documents })),
    scripts: all
      .filter(({ name, text: rest }) => /^(RUN|CMD|ENTRYPOINT|HEALTHCHECK)$/.test(name) && !rest.startsWith('['))
      .map(({ line, text: rest, documents }) => ({ line, text: [rest, ...documents].join('\n') })),
    problems,
  };
}

const KEYWORDS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

function readJson(text: string): Document {
  try {
    return { value: JSON.parse(text), scripts: [], problems: [] };
  } catch (error) {
    const [, place] = /position (\d+)/.exec((error as Error).message) ?? [];
    const line = place === undefined ? 1 : text.slice(0, Number(place)).split('\n').length;
    return broken(line, `is not JSON: ${(error as Error).message}`);
  }
}

async function readJsonWithComments(text: string): Promise<Document> {
  const { parse, printParseErrorCode } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return { value, scripts: [], problems: [] };
  return broken(text.slice(0, first.offset).split('\n').length, `is not JSON: ${printParseErrorCode(first.error)}`);
}

async function readYaml(path: string, text: string): Promise<Document> {
  const { isNode, LineCounter, parseAllDocuments } = await import('yaml');
  const lines = new LineCounter();
  const parsed = [parseAllDocuments(text, { lineCounter: lines, merge: !WORKFLOW.test(path) })].flat();
  const [error] = parsed.flatMap(({ errors }) => errors);
  if (error) return broken(error.linePos?.[0].line ?? 1, `is not YAML: ${error.message.split(/ at line \d+|\n/)[0]}`);
  const document = parsed.at(-1);
  if (!document || !('getIn' in document)) return { value: null, scripts: [], problems: [] };
  // A pipeline may have a head of its own before it; other tools read all documents alike.
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const all: unknown[] = parsed.map((one) => one.toJS({ maxAliasCount: 100 }));
  const lineOf = (at: Spot['at']): number => {
    for (let depth = at.length; depth > 0; depth -= 1) {
      const node = document.getIn(at.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const spots = WORKFLOW.test(path) ? workflowProblems(value) : PIPELINE.test(path) ? pipelineProblems(value) : [];
  return {
    value: all,
    scripts: isPipeline(path)
      ? scriptsOf(value, []).map(({ at, text: script }) => ({ line: lineOf(at), text: script }))
      : [],
    problems: spots.map(({ at, reason }) => ({ line: lineOf(at), reason })),
    isEvaluated: /^\.github\/(workflows|actions)\//.test(path),
  };
}

function scriptsOf(value: unknown, at: Spot['at']): { at: Spot['at']; text: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    const here = [...at, Array.isArray(value) ? Number(key) : key];
    if (!SCRIPT_KEYS.has(key)) return scriptsOf(inside, here);
    const texts: unknown[] = [inside].flat(9);
    return texts.flatMap((text) => (typeof text === 'string' ? [{ at: here, text }] : scriptsOf(text, here)));
  });
}

function broken(line: number, reason: string): Document {
  return { value: undefined, scripts: [], problems: [{ line, reason }] };
}
