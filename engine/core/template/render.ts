import { printable } from '../errors.ts';
import type { AnswerValue } from '../question.ts';
import { parseRepoPath, type RepoPath } from '../repo-path.ts';
import { collidingPaths, type FileMode } from '../tree.ts';
import { composeLayers } from './layer.ts';
import { EachLimitError } from './program.ts';
import {
  type Blocks,
  type RenderContext,
  type RenderedFile,
  type RenderedTree,
  selectLayers,
  type Template,
  type TemplateFile,
  templateError,
} from './template.ts';

/**
 * answers -> layers -> files -> one tree. Pure: the same answers and template give the same bytes everywhere (law 3).
 * @throws {UserError} TEMPLATE_BROKEN or TEMPLATE_UNSAFE with the template's file; never a part of a tree (law 8)
 */
export async function renderTemplate(
  template: Template,
  answers: Readonly<Record<string, AnswerValue>> | RenderContext,
  context: RenderContext,
): Promise<RenderedTree> {
  const { blocks, removed } = template;
  const layers = selectLayers(template, answers).map(({ files, preset }) => ({
    files: files().map((file) => renderFile(file, context, blocks)),
    isPreset: preset !== undefined,
  }));
  const tree = await composeLayers(layers, template);
  for (const path of removed ?? []) tree.delete(fillTokens(path, context) as RepoPath);
  const collision = collidingPaths(tree.keys())[0];
  if (collision) {
    const source = tree.get(collision[1] as RepoPath)?.source ?? template.id;
    throw templateError(
      'TEMPLATE_UNSAFE',
      source,
      `"${collision[0]}" and "${collision[1]}" are one file on a disk that folds case or Unicode forms`,
    );
  }
  return tree;
}

/** @throws {UserError} TEMPLATE_BROKEN or TEMPLATE_UNSAFE with the template's file */
export function renderFile(file: TemplateFile, context: RenderContext, blocks?: Blocks): RenderedFile {
  const { mode, owner, source } = file as TemplateFile & { mode: FileMode };
  const path = renderPath(file, context);
  if (file.content)
    return { path, mode, owner, source, content: file.content, ...(file.hash ? { hash: file.hash } : {}) };
  try {
    return { path, mode, owner, source, content: file.render?.(context, blocks) ?? new Uint8Array() };
  } catch (error) {
    const place = error instanceof EachLimitError ? `${source}:${error.line}` : source;
    throw templateError('TEMPLATE_BROKEN', place, (error as Error).message, error);
  }
}

/** The manifest, additions, backups and stages: a template that wrote them could make a later run undo what it never did. */
const OWN_NAME = /^\.twelve\.json$|^\.twelve(\/|$)|^\.twelve-(stage|undo|backup)(\/|$)|^\.[^/]*\.twelve-stage-/i;

/** Names of files, less their extension, that mean something as they are. */
const NO_TOKENS: ReadonlySet<string> = new Set(['__init__', '__main__']);

/**
 * `docker-compose.__name__.yaml` for `orders` is `docker-compose.orders.yaml`.
 * @param unknown what to do about a token that has no text; without it, such a token stays
 */
export function fillTokens(path: string, context: RenderContext, unknown = (token: string): string => token): string {
  return path.replace(/__([A-Za-z][A-Za-z0-9]*)__/g, (token, name: string) => {
    const value = Object.hasOwn(context, name) ? context[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
    return NO_TOKENS.has(token) ? token : unknown(token);
  });
}

function renderPath(file: TemplateFile, context: RenderContext): RepoPath {
  const path = fillTokens(file.path, context, (token) => {
    throw templateError('TEMPLATE_BROKEN', file.source, `the path has the unknown token ${token}`);
  });
  if (OWN_NAME.test(path))
    throw templateError(
      'TEMPLATE_UNSAFE',
      file.source,
      `the path "${printable(path)}" is one that this program keeps for itself`,
    );
  try {
    return parseRepoPath(path);
  } catch (error) {
    throw templateError('TEMPLATE_UNSAFE', file.source, (error as RangeError).message, error);
  }
}
