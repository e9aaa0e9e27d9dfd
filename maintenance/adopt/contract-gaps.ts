import { ofAll } from '../../contract/runtimes/index.ts';
import { isOdd, type OddFile, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import type { TreeFile } from '../../engine/core/tree.ts';

/** Something that the contract requires, and how it can be found in a repository. */
interface Sign {
  readonly rules: readonly string[];
  readonly what: string;
  /** One file with such a path is enough. */
  readonly paths: RegExp;
  /** If the path alone is not enough, one of these files must contain such text. */
  readonly text?: RegExp;
}

const CODE = /\.(ts|mts|js|mjs|cjs|py|go|rs|java|kt|rb|php|cs)$/;

/** Of languages that no runtime of the contract describes. */
const OTHER_LOCKS = ['Cargo.lock', 'Gemfile.lock', 'composer.lock'];

const SIGNS: readonly Sign[] = [
  { rules: ['III-3'], what: 'an example of its environment', paths: /^\.env\.example$/ },
  {
    rules: ['V-3'],
    what: 'a Dockerfile of several stages',
    paths: /(^|\/)Dockerfile$/,
    text: /^FROM[\s\S]+^FROM/im,
  },
  { rules: ['H-1'], what: 'a HEALTHCHECK', paths: /(^|\/)Dockerfile$/, text: /^\s*HEALTHCHECK/im },
  { rules: ['V-2'], what: 'a user that is not root', paths: /(^|\/)Dockerfile$/, text: /^\s*USER\s+(?!root|0\b)/im },
  { rules: ['X-1'], what: 'a compose file', paths: /^(docker-)?compose[^/]*\.ya?ml$/ },
  {
    rules: ['X-1'],
    what: 'a pipeline',
    paths: /^(\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|Jenkinsfile|azure-pipelines\.yml)$/,
  },
  { rules: ['VII-1'], what: 'a port from the environment', paths: CODE, text: /\bPORT\b/ },
  { rules: ['IX-2'], what: 'a stop on SIGTERM', paths: CODE, text: /SIGTERM/ },
  { rules: ['H-1', 'IV-2'], what: 'liveness and readiness', paths: CODE, text: /health|ready|livez|readyz/i },
  {
    rules: ['XI-1'],
    what: 'structured logs',
    paths: CODE,
    text: /\b(pino|winston|bunyan|structlog|slog|zap|logrus|tracing_subscriber|logback)\b/,
  },
  { rules: ['XII-1', 'XII-3'], what: 'migrations as a process of their own', paths: /(^|\/)migrations?\// },
];

/** Something that seems to be missing in a repository. */
export interface Gap {
  readonly rules: readonly string[];
  readonly what: string;
}

/** Larger files are not sources. */
const MAX_BYTES = 512 * 1024;

/**
 * What seems to be missing in a repository. This is only a hint: the contract can be proven only on a running service.
 */
export function contractGaps(tree: TeamTree): Gap[] {
  const missing = SIGNS.filter(
    ({ paths, text }) =>
      ![...tree].some(([path, file]) => paths.test(path) && (text === undefined || text.test(textOf(file)))),
  );
  return [...(hasLock(tree) ? [] : [{ rules: ['II-1'], what: 'a lockfile' }]), ...missing].map(({ rules, what }) => ({
    rules,
    what,
  }));
}

/** Whether a tree has sources of any language, or a Dockerfile. */
export function hasCode(tree: TeamTree): boolean {
  return [...tree.keys()].some((path) => CODE.test(path) || /(^|\/)Dockerfile$/.test(path));
}

/** A lock of any package manager that the contract knows, or of others. */
function hasLock(tree: TeamTree): boolean {
  const managers = ofAll(({ packageManagers }) => packageManagers);
  return [...tree].some(
    ([path, file]) =>
      OTHER_LOCKS.includes(path) ||
      managers.some(({ lock, isLock }) => lock === path && (isLock?.(textOf(file)) ?? true)),
  );
}

/** Nothing for what is no source. */
function textOf(file: TreeFile | OddFile): string {
  return isOdd(file) || file.content.length > MAX_BYTES ? '' : Buffer.from(file.content).toString('utf8');
}
