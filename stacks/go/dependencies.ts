import { UserError } from '../../engine/core/errors.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { insertAt, readText, writeText } from '../../engine/core/service/text-file.ts';
import { uniteLines } from '../../engine/core/text/sorted-lines.ts';
import type { Tree, TreeFile } from '../../engine/core/tree.ts';
import type { Needs } from '../stack.ts';
import { PACKAGES } from './packages.ts';

const MANIFEST = parseRepoPath('go.mod');
const LOCKFILE = parseRepoPath('go.sum');

/**
 * go.mod and go.sum with the modules that an addition needs, as `go mod tidy` would write them. A module that is there stays at its
 * version, and then all stays: what it needs is for Go to say. Nothing that a person wrote goes; the sums of a version that is
 * raised do, and the line with which go.mod held a module of tests at it.
 * @returns nothing for a file that is not there
 * @throws {UserError} TARGET_UNUSABLE for a go.mod that Go would refuse too
 */
export async function addDependencies(needs: Needs, tree: Tree): Promise<Tree> {
  const { direct, indirect, raised, sums } = PACKAGES[needs];
  const edits = new Map<RepoPath, TreeFile>();
  const manifest = tree.get(MANIFEST);
  if (!manifest || direct.length === 0) return edits;
  const text = readText(manifest);
  requireModule(text.text);
  const wanted = [...direct, ...indirect.map((one) => ({ ...one, isIndirect: true }))];
  if (direct.every(({ path }) => requirementOf(text.text, path))) return edits;
  const pins = raised.map((one) => `\t${one.path} ${one.version} // indirect\n`);
  const isPinned = pins.map((pin) => text.text.includes(pin));
  const grown = wanted.reduce(addRequirement, text.text);
  edits.set(
    MANIFEST,
    writeText(
      manifest,
      text,
      pins.reduce((left, pin) => left.replace(pin, ''), grown),
    ),
  );
  const lockfile = tree.get(LOCKFILE);
  if (lockfile) {
    const sumText = readText(lockfile);
    const outdated = raised.flatMap((one, at) => [...one.sums, ...(isPinned[at] ? one.pinned : [])]);
    const kept = sumText.text.split('\n').filter((line) => !outdated.includes(line));
    edits.set(LOCKFILE, writeText(lockfile, sumText, uniteLines([kept.join('\n'), sums.join('\n')])));
  }
  return edits;
}

function requireModule(text: string): void {
  const isWhole = /^module\s+\S/m.test(text) && !/^(<<<<<<<|=======|>>>>>>>)/m.test(text);
  const opened = text.match(/^\w+ \($/gm)?.length ?? 0;
  const closed = text.match(/^\)/gm)?.length ?? 0;
  if (isWhole && opened === closed) return;
  throw new UserError('TARGET_UNUSABLE', 'go.mod is no module file', 'Correct it first: Go would refuse it too.');
}

interface Requirement {
  readonly path: string;
  readonly version: string;
  readonly isIndirect?: boolean;
}

/** `PATH VERSION // comment`, in a block or after `require`. */
const REQUIREMENT =
  /^(?:require[ \t]+|[ \t]+)(?<path>[^\s()/"]+\.[^\s()"]+)[ \t]+(?<version>v\d\S*)[ \t]*(?<comment>\/\/.*)?$/;

function requirementOf(text: string, path: string): { readonly version: string } | undefined {
  for (const line of text.split('\n')) {
    const found = REQUIREMENT.exec(line)?.groups;
    if (found?.path === path) return { version: found.version ?? '' };
  }
  return undefined;
}

/** Adds a line to the block of its kind, in its place by name. Where there is no such block, one comes at the end. */
function addRequirement(text: string, { path, version, isIndirect = false }: Requirement): string {
  if (requirementOf(text, path)) return text;
  const line = `\t${path} ${version}${isIndirect ? ' // indirect' : ''}\n`;
  const block = blocksOf(text).find((one) => one.isIndirect === isIndirect);
  if (!block) return `${text.trimEnd()}\n\nrequire (\n${line})\n`;
  const next = block.lines.find((one) => one.path > path);
  return insertAt(text, next?.offset ?? block.end, line);
}

interface Block {
  readonly isIndirect: boolean;
  /** Offset of its closing bracket. */
  readonly end: number;
  /** What it requires, and the offset of the line, or of the comments right above it. */
  readonly lines: readonly { readonly path: string; readonly offset: number }[];
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^require \(\n([\s\S]*?)^\)/gm)].map((found) => {
    const [whole, body = ''] = found;
    const start = found.index + whole.indexOf('\n') + 1;
    const lines: { path: string; offset: number }[] = [];
    let isIndirect = true;
    let offset = start;
    let above: number | undefined;
    for (const line of body.split('\n')) {
      const requirement = REQUIREMENT.exec(line)?.groups;
      if (requirement) {
        lines.push({ path: requirement.path ?? '', offset: above ?? offset });
        if (!/^\/\/\s*indirect\b/.test(requirement.comment ?? '')) isIndirect = false;
      }
      above = /^\s*\/\//.test(line) ? (above ?? offset) : undefined;
      offset += line.length + 1;
    }
    return { isIndirect: isIndirect && lines.length > 0, end: start + body.length, lines };
  });
}
