import { isAbsolute, join, relative, resolve } from 'node:path';
import { quote } from '../../core/text/shell-word.ts';
import { shortList } from '../../core/text/short-list.ts';
import { runCommand } from '../command.ts';
import { findRepository } from '../surroundings.ts';

/** A path that git would leave out of a commit, and the line of the file that says so. */
interface Ignored {
  readonly path: string;
  /** `.gitignore:3`, `../.gitignore:3`, or an absolute path if it is not in the repository. */
  readonly by: string;
}

/**
 * Which of some files git would silently leave out: those that it does not track, and that a `.gitignore` or the user's own
 * settings name.
 * @param root a folder in a repository
 * @param paths relative to it; they need not exist
 * @returns none outside of a repository, and none if git cannot tell
 */
export function findIgnored(root: string, paths: readonly string[]): readonly Ignored[] {
  const repository = findRepository(root);
  if (paths.length === 0 || repository === undefined) return [];
  const found = runCommand('git', ['check-ignore', '-v', '-z', '--stdin'], root, {
    input: Buffer.from(paths.map((path) => `${path}\0`).join('')),
    // It refuses that setting.
    env: { GIT_LITERAL_PATHSPECS: undefined },
  });
  if (!found.ok) return [];
  return readIgnored(found.stdout, root, repository);
}

/**
 * The output of `git check-ignore -v -z`.
 * @param repository the folder from which git names files
 */
export function readIgnored(stdout: string, root: string, repository: string): readonly Ignored[] {
  const fields = stdout.split('\0');
  const ignored: Ignored[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source = '', line = '', pattern = '', path = ''] = fields.slice(at, at + 4);
    // A pattern with "!" takes a file out of what is ignored.
    if (pattern.startsWith('!')) continue;
    const file = isAbsolute(source) ? source : relative(root, join(repository, source));
    ignored.push({ path, by: `${file}:${line}` });
  }
  return ignored.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * One sentence about files of a service that its repository will not have, for a person to mend: who clones it lacks them. What the
 * service's own `.gitignore` names is meant so.
 */
export function ignoredAttention(root: string, paths: readonly string[]): string[] {
  const ignored = findIgnored(root, paths).filter(({ by }) => !isOwnRule(root, by));
  if (ignored.length === 0) return [];
  const names = ignored.map(({ path }) => path);
  const sources = [...new Set(ignored.map(({ by }) => by))];
  const command = names.length > MAX_NAMED ? 'git add -f FILE' : `git add -f ${names.map(quote).join(' ')}`;
  return [
    `git ignores ${shortList(names, MAX_NAMED)} (${shortList(sources, 3)}), so a clone lacks ${names.length === 1 ? 'it' : 'them'}: ${command}`,
  ];
}

const MAX_NAMED = 6;

/** Whether a line that ignores is in a `.gitignore` of the service itself. */
export function isOwnRule(root: string, by: string): boolean {
  const inside = relative(root, resolve(root, by));
  return !inside.startsWith('..') && !isAbsolute(inside) && /(^|[\\/])\.gitignore:\d+$/.test(inside);
}
