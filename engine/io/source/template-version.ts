import { UserError } from '../../core/errors.ts';
import { parseSourceSpec } from '../../core/preset/source-spec.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import type { Template } from '../../core/template/template.ts';
import type { Tree } from '../../core/tree.ts';
import { fetchSource } from './fetch-source.ts';
import { unpackTemplate } from './packed.ts';

/** The templates of one version of this program: the template of a stack, and those of its additions. */
export interface TemplateSet {
  readonly main: Template;
  /** @param name of the addition, e.g. `endpoint`; returns nothing if that version has no such addition */
  readonly addition: (name: string) => Promise<Template | undefined>;
}

/**
 * Fetches the templates of a published version. The package is only read; none of its code runs.
 * @param isInUse whether a service was made from them
 */
export async function fetchTemplates(
  version: string,
  stack: string,
  cwd: string,
  isInUse = false,
): Promise<TemplateSet> {
  const { files } = await fetchSource(parseSourceSpec(`npm:create-twelve-service@${version}`), { cwd, isInUse });
  const main = readPacked(files, stack);
  if (!main)
    throw new UserError(
      'SOURCE_NOT_FOUND',
      `create-twelve-service ${version} has no templates for the stack "${stack}"`,
      'Name another version with --to.',
    );
  return { main, addition: async (name) => readPacked(files, `${stack}/${name}`) };
}

function readPacked(files: Tree, path: string): Template | undefined {
  const [index, text] = ['index.json', 'files.bin'].map((name) =>
    files.get(`dist/templates/${path}/${name}` as RepoPath),
  );
  if (!index || !text) return undefined;
  try {
    return unpackTemplate(Buffer.from(index.content).toString('utf8'), text.content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(
      'TEMPLATE_BROKEN',
      `the templates of ${path} cannot be read`,
      'Name another version with --to.',
      {
        cause: error,
      },
    );
  }
}
