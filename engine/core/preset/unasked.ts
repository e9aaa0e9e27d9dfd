import type { Node } from 'jsonc-parser';
import type { RepoPath } from '../repo-path.ts';
import { withoutMark } from '../text/byte-order-mark.ts';
import { hashContent, type TreeFile } from '../tree.ts';

/**
 * What turns data into code on the machine of a person who only creates, installs, opens, enters or commits to a service:
 * files and keys that a tool runs unasked. A preset may bring none of them, unless the person trusts it by name.
 */
export interface UnaskedRule {
  /** Matches a path in lower case: some disks do not tell `.ENVRC` from `.envrc`. */
  readonly paths: RegExp;
  /** Paths that are fine all the same. */
  readonly except?: RegExp;
  /** Who runs it and when, e.g. `git runs it at a commit`. */
  readonly by: string;
  /**
   * The keys of such a file that run something, and their values. Without it, the whole file does.
   * @throws {SyntaxError} for a text that cannot be read
   */
  readonly keys?: (text: string) => Promise<readonly UnaskedKey[]>;
}

/**
 * Files and folders whose names begin with a dot, and which tools read as data only. Tools get new ones, so whatever is in no
 * such list is refused.
 */
export interface DottedData {
  /** Matches the rest of a path, in lower case, that begins with such a name: `.github/codeowners`. */
  readonly data: RegExp;
}

export interface UnaskedKey {
  readonly key: string;
  readonly value: string;
}

/** A file, or a key of one, that a tool runs unasked. */
export interface Unasked {
  readonly path: RepoPath;
  /** Not set if it is the whole file. */
  readonly key?: string;
  /** Its value or the hash of its bytes: what runs is another thing if this changes. */
  readonly value: string;
  readonly by: string;
}

/** Everything in these files that tools run unasked, and files whose names begin with a dot and which no rule knows. */
export async function findUnasked(
  rules: readonly (UnaskedRule | DottedData)[],
  files: Iterable<readonly [RepoPath, TreeFile]>,
): Promise<Unasked[]> {
  const all: Unasked[] = [];
  for (const [path, file] of files) {
    const found = await findRuled(rules, [[path, file]]);
    if (found.every(({ key }) => key !== undefined) && isUnknown(path, rules))
      found.push({
        path,
        value: hashContent(file.content),
        by: 'a tool may run it unasked; this program does not know it',
      });
    all.push(...found);
  }
  return all;
}

/** What rules name in these files, and nothing else. */
export async function findRuled(
  rules: readonly (UnaskedRule | DottedData)[],
  files: Iterable<readonly [RepoPath, TreeFile]>,
): Promise<Unasked[]> {
  const found: Unasked[] = [];
  for (const [path, file] of files)
    for (const rule of rules) if (!('data' in rule)) found.push(...(await unaskedIn(rule, path, file)));
  return found;
}

/** Whether a name in the path begins with a dot, and no rule knows what is from there on as data. */
function isUnknown(path: RepoPath, rules: readonly (UnaskedRule | DottedData)[]): boolean {
  const names = folded(path).split('/');
  return names.some((name, index) => {
    if (!name.startsWith('.')) return false;
    const rest = names.slice(index).join('/');
    return !rules.some((rule) => ('data' in rule ? rule.data : rule.except)?.test(rest));
  });
}

/** Some disks do not tell `.ENVRC` from `.envrc`. */
function folded(path: RepoPath): string {
  return path.normalize('NFKC').toLowerCase();
}

/** The same file and key with the same value are one. */
export function identity({ path, key = '', value }: Unasked): string {
  return JSON.stringify([path, key, value]);
}

async function unaskedIn(
  { paths, except, by, keys }: UnaskedRule,
  path: RepoPath,
  { content }: TreeFile,
): Promise<Unasked[]> {
  if (!paths.test(folded(path)) || except?.test(folded(path))) return [];
  const whole = { path, value: hashContent(content), by };
  if (!keys) return [whole];
  try {
    return (await keys(Buffer.from(content).toString('utf8'))).map(({ key, value }) => ({ path, key, value, by }));
  } catch (error) {
    // What cannot be read here may still be read by the tool. Nested too deep for the stack is a RangeError.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return [{ ...whole, by: `it cannot be read (${error.message}), and ${by}` }];
  }
}

/**
 * Reads keys of JSON with comments. A key that stands twice is read twice, since tools differ in which of them counts.
 * @param runs whether a value runs something; `path` has the names of the keys that lead to it, without places in lists
 */
export function jsonKeys(
  runs: (path: readonly string[], value: unknown) => boolean,
): (text: string) => Promise<readonly UnaskedKey[]> {
  return async (text) => {
    const { getNodeValue, parseTree } = await import('jsonc-parser');
    const root = parseTree(withoutMark(text), undefined, { allowTrailingComma: true });
    if (root?.type !== 'object') throw new SyntaxError('it is not a JSON object');
    const found: UnaskedKey[] = [];
    const visit = (node: Node, path: readonly string[]): void => {
      if (node.type === 'property') {
        const [name, inside] = node.children ?? [];
        if (!inside) return;
        const here = [...path, String(name?.value)];
        const value: unknown = getNodeValue(inside);
        if (runs(here, value)) found.push({ key: here.join('.'), value: JSON.stringify(value) });
        else visit(inside, here);
      } else for (const child of node.children ?? []) visit(child, path);
    };
    visit(root, []);
    return found;
  };
}
