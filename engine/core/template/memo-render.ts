import type { AnswerValue } from '../question.ts';
import type { RepoPath } from '../repo-path.ts';
import { hashContent } from '../tree.ts';
import { composeLayers } from './layer.ts';
import { fillTokens, renderFile } from './render.ts';
import type { RenderedFile } from './template.ts';
import { type RenderContext, selectLayers, type Template, type TemplateFile, type Trace } from './template.ts';

/** A rendered file whose hash is known. */
export interface HashedFile extends RenderedFile {
  readonly hash: string;
  /** The preset whose layer it is from, the topmost one, e.g. `@acme/service-preset 2.1.0`. */
  readonly preset?: string;
  /** Where its lines came from, if it is of one template. */
  readonly trace?: () => Trace;
}

/** Renders a template for one service after the other. */
export type Renderer = (
  answers: Readonly<Record<string, AnswerValue>>,
  context: RenderContext,
  /** Paths that are wanted; without it all of them. */
  only?: ReadonlySet<string>,
) => Promise<ReadonlyMap<RepoPath, HashedFile>>;

/** How many results of one file are kept. A file with the service's name in it differs for each service. */
const MAX_KEPT = 64;

/**
 * The same trees as `renderTemplate` gives, for many services: a file is rendered anew only where a variable that it reads
 * has another value, and layers are merged anew only where one of them has changed. It does not look for paths that
 * collide; whoever writes a tree does.
 */
export function memoRenderer(template: Template): Renderer {
  const { blocks, removed } = template;
  const layerFiles = new Map<unknown, readonly TemplateFile[]>();
  const renderers = new Map<TemplateFile, (context: RenderContext) => HashedFile>();
  const merged = new Map<string, HashedFile>();

  const render = (file: TemplateFile, context: RenderContext, preset?: string): HashedFile => {
    let renderOne = renderers.get(file);
    if (!renderOne) {
      const { trace } = file;
      renderOne = memoise((seen) => ({
        ...withHash(renderFile(file, seen, blocks), preset),
        ...(trace ? { trace: () => trace(seen, blocks) } : {}),
      }));
      renderers.set(file, renderOne);
    }
    return renderOne(context);
  };
  const merge = async (parts: readonly HashedFile[]): Promise<HashedFile | undefined> => {
    const key = parts.map(({ source, path, hash }) => `${source} ${path} ${hash}`).join('\n');
    const known = merged.get(key);
    if (known) return known;
    const layers = parts.map((file) => ({ files: [file], isPreset: file.preset !== undefined }));
    const [composed] = (await composeLayers(layers, template)).values();
    if (!composed) return undefined;
    if (merged.size >= MAX_KEPT) merged.clear();
    const result = withHash(composed, parts.at(-1)?.preset);
    merged.set(key, result);
    return result;
  };

  return async (answers, context, only) => {
    const parts = new Map<RepoPath, HashedFile[]>();
    for (const layer of selectLayers(template, answers)) {
      const files = layerFiles.get(layer) ?? layer.files();
      layerFiles.set(layer, files);
      for (const one of files) {
        const part = render(one, context, layer.preset);
        const below = parts.get(part.path);
        if (below) below.push(part);
        else parts.set(part.path, [part]);
      }
    }
    const tree = new Map<RepoPath, HashedFile>();
    const gone = new Set([...(removed ?? [])].map((path) => fillTokens(path, context)));
    for (const [path, all] of parts) {
      if (gone.has(path) || only?.has(path) === false) continue;
      const file = all.length === 1 ? all[0] : await merge(all);
      if (file) tree.set(path, file);
    }
    return tree;
  };
}

function withHash(file: RenderedFile, preset?: string): HashedFile {
  return { ...file, hash: file.hash ?? hashContent(file.content), ...(preset === undefined ? {} : { preset }) };
}

/** Keeps the results of a function by the values of the few variables that it reads. */
function memoise(use: (context: RenderContext) => HashedFile): (context: RenderContext) => HashedFile {
  const names = new Set<string>();
  const results = new Map<string, HashedFile>();
  const keyOf = (context: RenderContext) => JSON.stringify([...names].map((name) => context[name] ?? null));
  return (context) => {
    const known = results.get(keyOf(context));
    if (known) return known;
    const before = names.size;
    const result = use(spy(context, names));
    // Keys without the new variable are never looked up again.
    if (names.size !== before || results.size >= MAX_KEPT) results.clear();
    results.set(keyOf(context), result);
    return result;
  };
}

/** A context that records which names are read. */
function spy(context: RenderContext, names: Set<string>): RenderContext {
  return new Proxy(context, {
    get: (target, name) => {
      names.add(String(name));
      return Reflect.get(target, name) as unknown;
    },
    getOwnPropertyDescriptor: (target, name) => {
      names.add(String(name));
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
}
