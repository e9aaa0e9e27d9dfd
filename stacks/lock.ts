import type { RepoPath } from '../engine/core/repo-path.ts';

/** The text of a file of a service, by its path. Nothing where there is no such file. */
export interface ReadText {
  (path: string): string | undefined;
  /** The paths of all its files, for a tool that has to see sources. */
  readonly paths?: () => Iterable<string>;
}

/** Whether a lockfile fits its manifest, as the tool that installs from it judges. */
export type LockState =
  /** There is no manifest, or another tool locks it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unlocked' }
  /** The manifest cannot be read, e.g. because it has conflict markers. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'fits'; readonly path: RepoPath }
  | {
      readonly kind: 'misfit';
      /** The lockfile. */
      readonly path: RepoPath;
      /** What is missing or has another version, one a package. */
      readonly reasons: readonly string[];
      /** Whether it is the lockfile of a workspace, which other packages share. */
      readonly isShared: boolean;
    };

/** The root of a project of several packages, as a service in it sees it. */
export interface WorkspaceRoot {
  readonly read: ReadText;
  /** The folder of the service in it: `services/orders`. */
  readonly location: string;
}

/** How a lockfile is brought in line with its manifest, in an empty folder and without running code of any package. */
export interface LockRefresh {
  /** What has to be in the folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly command: readonly [program: string, ...args: string[]];
  /** What the tool said when it failed, in one line. */
  readonly reason: (stderr: string) => string;
}

/** What a stack knows of its lockfile. Everything is decided from texts: nothing is run and nothing is asked. */
export interface LockCode {
  /** @param workspace the project around the service, if there is one; whether the service is a package of it, its lockfile says */
  readonly check: (read: ReadText, workspace?: WorkspaceRoot) => Promise<LockState>;
  /**
   * @param read the service as it will be
   * @param before the service as its team has it: settings with credentials are taken from there only
   * @returns why only the service's own folder will do, if that is so
   */
  readonly refresh: (read: ReadText, before: ReadText) => Promise<LockRefresh | string>;
}
