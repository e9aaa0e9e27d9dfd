import { UserError } from '../errors.ts';
import { parseRepoPath, type RepoPath } from '../repo-path.ts';
import type { Tree } from '../tree.ts';
import type { Service } from './addition.ts';
import { insertAt, readText, writeText } from './text-file.ts';

/** A new environment variable of a service, for its documents. */
export interface Variable {
  readonly name: string;
  readonly description: string;
  /** Its default. Not set if the variable is required. */
  readonly default?: string;
  /** The value of a required variable in .env.example. */
  readonly example?: string;
  readonly isSecret?: boolean;
}

const ENV_EXAMPLE = parseRepoPath('.env.example');

/** The documents that are made from what the sources declare. */
export const DOCUMENTS: readonly RepoPath[] = [ENV_EXAMPLE];

/** A file of the sources that declares variables. */
export interface Concern {
  /** Name of the file, without its extension. */
  readonly name: string;
  readonly path: string;
  readonly variables: readonly string[];
}

/**
 * Adds the variables of a new concern to the documents of the environment. The result is the same as that of the
 * service's own command for documents: in the order of the concerns' names. Every old line stays.
 * @param concern name of the new concern
 * @param concerns the existing concerns
 */
export function documentVariables(
  { tree }: Service,
  concern: string,
  variables: readonly Variable[],
  concerns: readonly Concern[],
): Tree {
  const following = concerns
    .filter(({ name }) => name > concern)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((one) => one.variables);
  const file = tree.get(ENV_EXAMPLE);
  if (!file) return new Map();
  const text = readText(file);
  return new Map([[ENV_EXAMPLE, writeText(file, text, insertEnv(text.text, following, variables))]]);
}

/** The documents of the environment that lack variables of these concerns, by their names. A document that is not there is not judged. */
export function undocumented(
  tree: Tree,
  concerns: readonly Concern[],
): { readonly path: RepoPath; readonly variables: readonly string[] }[] {
  const declared = concerns.flatMap(({ variables }) => variables);
  return DOCUMENTS.flatMap((path) => {
    const file = declared.length > 0 ? tree.get(path) : undefined;
    if (!file) return [];
    const words = new Set(readText(file).text.match(/\w+/g));
    const variables = declared.filter((name) => !words.has(name));
    return variables.length > 0 ? [{ path, variables }] : [];
  });
}

/**
 * Refuses a variable that another concern declares: the two could give it different meanings.
 * @throws {UserError} NAME_TAKEN
 */
export function refuseTakenVariables(names: readonly string[], concern: string, concerns: readonly Concern[]): void {
  for (const { name, path, variables } of concerns) {
    const taken = name === concern ? undefined : names.find((one) => variables.includes(one));
    if (taken !== undefined)
      throw new UserError('NAME_TAKEN', `${path} has the variable ${taken} already`, 'Choose another.');
  }
}

/** Adds `# What it is.` and `#NAME=value` for each variable, with an empty line between two variables. Older files have no `#`. */
function insertEnv(text: string, following: readonly string[], variables: readonly Variable[]): string {
  const off = /^#[A-Z]/m.test(text) ? '#' : '';
  const blocks = variables.map(({ name, description, default: initial, example, isSecret }) => {
    const notes = `${initial === undefined ? ' Required.' : ''}${isSecret ? ' Secret.' : ''}`;
    return `# ${description}${notes}\n${off}${name}=${initial ?? example ?? ''}\n`;
  });
  for (const name of following) {
    const found = new RegExp(`^#? ?${name}=`, 'm').exec(text);
    if (!found) continue;
    let offset = found.index;
    // The comment above a variable is its description.
    for (
      let above = previousLine(text, offset);
      /^#/.test(text.slice(above, offset));
      above = previousLine(text, offset)
    ) {
      offset = above;
      if (offset === 0) break;
    }
    return insertAt(text, offset, `${blocks.join('\n')}\n`);
  }
  const gap = text === '' || text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return `${text}${gap}${blocks.join('\n')}`;
}

function previousLine(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 2) + 1;
}
