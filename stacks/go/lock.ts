import { parseRepoPath } from '../../engine/core/repo-path.ts';
import type { LockCode, LockState, ReadText } from '../lock.ts';
import { parseModule } from './module.ts';

const MANIFEST = 'go.mod';
const LOCKFILE = parseRepoPath('go.sum');

/**
 * Whether go.sum has what go.mod requires: the sum of each module's go.mod, and of the module itself where the service imports it;
 * and no module at another version. What only the graph of modules tells is left to Go.
 */
async function check(read: ReadText): Promise<LockState> {
  const text = read(MANIFEST);
  if (text === undefined) return { kind: 'none' };
  const manifest = parseModule(text);
  if (manifest === undefined) return { kind: 'unreadable' };
  const { required, replaced } = manifest;
  const locked = read(LOCKFILE);
  if (locked === undefined) return { kind: required.length === 0 ? 'none' : 'unlocked' };
  const lines = locked.split(/\r?\n/).filter((line) => line !== '');
  const odd = lines.find((line) => !/^\S+ v\S+ h1:[\w+/]+=*$/.test(line));
  if (odd !== undefined) return misfit([`it has a line that is no sum: ${odd}`]);
  const sums = new Set(lines.map((line) => line.split(' ').slice(0, 2).join(' ')));
  const wanted = required.flatMap(({ path, version, isIndirect }) => {
    const key = [`${path}@${version}`, path].find((one) => replaced.has(one));
    const target = key === undefined ? { path, version } : replaced.get(key);
    return target ? [{ ...target, isIndirect }] : [];
  });
  const missing = wanted.filter(
    ({ path, version, isIndirect }) =>
      !sums.has(`${path} ${version}/go.mod`) || !(isIndirect || sums.has(`${path} ${version}`)),
  );
  const versions = new Map(wanted.map(({ path, version }) => [path, version]));
  const stale = [...sums].flatMap((sum) => {
    const [path = '', version = ''] = sum.split(' ');
    const asked = versions.get(path);
    return asked === undefined || version.endsWith('/go.mod') || version === asked ? [] : [{ path, version, asked }];
  });
  const reasons = [
    ...missing.map(({ path, version }) => `${path}@${version} is missing`),
    ...stale.map(({ path, version, asked }) => `${path}@${asked}: it has ${version} too`),
  ];
  return reasons.length === 0 ? { kind: 'fits', path: LOCKFILE } : misfit(reasons);
}

function misfit(reasons: readonly string[]): LockState {
  return { kind: 'misfit', path: LOCKFILE, reasons, isShared: false };
}

/** What `go mod tidy` reads: which modules are needed is decided by what the sources import. */
const SOURCE = /^(?!(vendor|bin)\/)(.*\/)?[^/]+\.go$/;

export const LOCK: LockCode = {
  check,
  refresh: async (read) => {
    const text = read(MANIFEST);
    const manifest = text === undefined ? undefined : parseModule(text);
    if (text === undefined || manifest === undefined) return 'there is nothing to go by';
    const isLocal = [...manifest.replaced.values()].includes(undefined);
    if (isLocal) return 'go.mod replaces a module by a folder';
    const sources = [...(read.paths?.() ?? [])].filter((path) => SOURCE.test(path));
    if (sources.length === 0) return 'there is no source that says what is imported';
    const files = [MANIFEST, LOCKFILE, ...sources].map((path) => [path, read(path) ?? ''] as const);
    return { files: Object.fromEntries(files), command: ['go', 'mod', 'tidy'], reason: reasonOf };
  },
};

/** What Go said, but for what it downloaded. */
export function reasonOf(stderr: string): string {
  const said = stderr
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^go: /, ''))
    .filter((line) => line !== '' && !/^(downloading|finding|found|warning:)/.test(line));
  return said.slice(0, 3).join('; ');
}
