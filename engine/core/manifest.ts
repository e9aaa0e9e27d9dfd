import type { AnswerValue } from './question.ts';
import type { RenderedTree } from './render.ts';
import { parseRepoPath, type RepoPath } from './repo-path.ts';
import type { Owner, Template } from './template.ts';
import { hashContent } from './tree.ts';

export const MANIFEST_PATH = parseRepoPath('.twelve.json');

/** The generator's memory inside a service: enough to render the same again, and to see what was changed since. */
export interface Manifest {
  readonly schema: 1;
  readonly template: { readonly source: string; readonly version: string; readonly integrity: string };
  readonly answers: Readonly<Record<string, AnswerValue>>;
  readonly files: Readonly<Record<string, { readonly hash: string; readonly owner: Owner }>>;
}

/** What a rendered service's `.twelve.json` holds. Its own hash is not in it. */
export function createManifest(
  template: Template,
  answers: Readonly<Record<string, AnswerValue>>,
  tree: RenderedTree,
): Manifest {
  const paths = [...tree.keys()].sort() as RepoPath[];
  return {
    schema: 1,
    template: { source: template.source, version: template.version, integrity: template.integrity },
    answers,
    files: Object.fromEntries(
      paths.flatMap((path) => {
        const file = tree.get(path);
        return file ? [[path, { hash: file.hash ?? hashContent(file.content), owner: file.owner }]] : [];
      }),
    ),
  };
}

/** One file a line, so that two branches which add files merge. */
export function serializeManifest(manifest: Manifest): string {
  const { files, ...head } = manifest;
  const lines = Object.entries(files).map(([path, entry]) => `    ${JSON.stringify(path)}: ${JSON.stringify(entry)}`);
  return `${JSON.stringify(head, null, 2).replace(/\n}$/, '')},\n  "files": {\n${lines.join(',\n')}\n  }\n}\n`;
}
