import { UserError } from '../../engine/core/errors.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { insertAt, readText, writeText } from '../../engine/core/service/text-file.ts';
import { uniteLines } from '../../engine/core/text/sorted-lines.ts';
import type { Tree, TreeFile } from '../../engine/core/tree.ts';
import type { Needs } from '../stack.ts';
import { readManifest } from './manifest.ts';
import { PACKAGES } from './packages.ts';
import { readPins } from './pins.ts';

const MANIFEST = parseRepoPath('pyproject.toml');
const LOCKFILE = parseRepoPath('requirements.txt');
const DEVELOPMENT = parseRepoPath('requirements-dev.txt');

/**
 * pyproject.toml and requirements.txt with the packages that an addition needs, as `make lock` would write them. A package that is
 * there stays at its version, and so does one that only development had. Nothing that a person wrote goes.
 * @returns nothing for a file that is not there
 * @throws {UserError} TARGET_UNUSABLE for a pyproject.toml that pip and uv would refuse too
 */
export async function addDependencies(needs: Needs, tree: Tree): Promise<Tree> {
  const { requirements, pins } = PACKAGES[needs];
  const edits = new Map<RepoPath, TreeFile>();
  const manifest = tree.get(MANIFEST);
  if (!manifest || Object.keys(requirements).length === 0) return edits;
  const text = readText(manifest);
  const named = readManifest(text.text)?.project;
  if (named === undefined)
    throw new UserError(
      'TARGET_UNUSABLE',
      'pyproject.toml has no list of dependencies in [project]',
      'Correct it first: pip and uv would refuse it, or another tool reads it.',
    );
  const missing = Object.entries(requirements).filter(([name]) => !named.requirements.some((one) => one.name === name));
  if (missing.length === 0) return edits;
  const grown = missing.reduce((before, [name, range]) => addRequirement(before, name, range), text.text);
  edits.set(MANIFEST, writeText(manifest, text, grown));
  const lockfile = tree.get(LOCKFILE);
  if (lockfile) {
    const locked = readText(lockfile);
    const own = new Set(readPins(locked.text).pins.map(({ name }) => name));
    const development = tree.get(DEVELOPMENT);
    const known = new Map(
      readPins(development ? readText(development).text : '').pins.map(({ name, text }) => [name, text]),
    );
    const added = readPins(uniteLines(pins)).pins.filter(({ name }) => !own.has(name));
    const lines = added.map((pin) => known.get(pin.name) ?? pin.text);
    edits.set(LOCKFILE, writeText(lockfile, locked, uniteLines([locked.text, ...lines])));
  }
  return edits;
}

/** Adds a requirement in its place by name: a line of its own where the others have one. */
function addRequirement(text: string, name: string, range: string): string {
  const list = readManifest(text)?.project;
  if (list === undefined) return text;
  const { requirements, end } = list;
  const item = `"${name}${range}"`;
  const next = requirements.find((one) => one.name > name);
  const before = text.slice(0, next?.offset ?? end);
  const isOnOwnLine = /\n[ \t]*$/.test(before);
  if (next !== undefined)
    return isOnOwnLine
      ? insertAt(text, before.lastIndexOf('\n') + 1, `  ${item},\n`)
      : spliced(text, next.offset, `${item}, `);
  if (requirements.length === 0) return spliced(text, end, item);
  const isClosed = /,\s*(#.*\s*)*$/.test(before);
  if (isOnOwnLine && isClosed) return insertAt(text, before.lastIndexOf('\n') + 1, `  ${item},\n`);
  return spliced(text, end, isClosed ? ` ${item}` : `, ${item}`);
}

const spliced = (text: string, offset: number, piece: string): string =>
  `${text.slice(0, offset)}${piece}${text.slice(offset)}`;
