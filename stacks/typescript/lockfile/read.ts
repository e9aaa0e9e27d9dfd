import { parseRepoPath, type RepoPath } from '../../../engine/core/repo-path.ts';
import { withoutMark } from '../../../engine/core/text/byte-order-mark.ts';
import type { ReadText } from '../../lock.ts';

/** A package as a lockfile has it, or a manifest. Every part may be missing or have another type: a person may have edited it. */
export interface Package {
  readonly version?: unknown;
  readonly resolved?: unknown;
  readonly link?: unknown;
  readonly inBundle?: unknown;
  readonly workspaces?: unknown;
  readonly overrides?: unknown;
  readonly bundleDependencies?: unknown;
  readonly dependencies?: unknown;
  readonly devDependencies?: unknown;
  readonly optionalDependencies?: unknown;
  readonly peerDependencies?: unknown;
  readonly peerDependenciesMeta?: unknown;
}

export const MANIFEST = parseRepoPath('package.json');
export const NPMRC = parseRepoPath('.npmrc');

/** In the order in which npm looks for them. */
const LOCKFILES: readonly RepoPath[] = ['npm-shrinkwrap.json', 'package-lock.json'].map(parseRepoPath);

/** Lockfiles of every tool. */
const ALL = [...LOCKFILES, 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];

/** @param own the lockfiles of the tool that asks */
export function isLockedByAnother(read: ReadText, ...own: readonly string[]): boolean {
  return ALL.some((path) => !own.includes(path) && read(path) !== undefined);
}

/** A service's lockfile, if npm locks it. */
export function findLockfile(read: ReadText): { path: RepoPath; text: string } | undefined {
  for (const path of LOCKFILES) {
    const text = read(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** A JSON object, or nothing if it is none. */
export function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(withoutMark(text ?? ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The entries of a map of names and ranges. What is no text is left out. */
export function ranges(map: unknown): [name: string, range: string][] {
  return Object.entries(Object(map) as Record<string, unknown>).flatMap(([name, range]): [string, string][] =>
    typeof range === 'string' ? [[name, range]] : [],
  );
}

/** Whether a setting is on. npm reads the last line of that name. */
export function isOn(npmrc: string | undefined, setting: string): boolean {
  const lines = (npmrc ?? '').split(/\r?\n/).flatMap((line) => /^\s*([^=\s]+)\s*(?:=\s*(.*?)\s*)?$/.exec(line) ?? []);
  const last = lines.lastIndexOf(setting);
  return last > 0 && !/^(false|null|0)$/.test(lines[last + 1] ?? '');
}
