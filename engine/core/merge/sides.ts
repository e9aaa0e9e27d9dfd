import type { RepoPath } from '../repo-path.ts';
import type { RenderedTree } from '../template/template.ts';
import type { Tree } from '../tree.ts';
import type { MergedFile, TeamTree } from './merged-file.ts';

/** The input of a merge: two renderings of the standard, and the service as the team has it. */
export interface MergeInput {
  /** The recorded version, rendered with the recorded answers. */
  readonly base: RenderedTree;
  readonly theirs: RenderedTree;
  readonly ours: TeamTree;
  /** Declared moves, from -> to. */
  readonly moves: ReadonlyMap<RepoPath, RepoPath>;
  /** Outcomes that are known beforehand, of files that no version renders. */
  readonly left?: readonly MergedFile[];
  /** More to say of files that the team keeps as they are. */
  readonly wishes?: ReadonlyMap<RepoPath, string>;
  readonly names: SideNames;
}

/** The names of the sides in conflict markers. */
export interface SideNames {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

/** Trees that have to be merged line by line, with the files that one side may have renamed. */
export interface ThreeTrees {
  readonly base: Tree;
  readonly ours: Tree;
  readonly theirs: Tree;
}

export interface TreeMerge {
  readonly tree: Tree;
  /** Paths with conflict markers, or with one side deleted. */
  readonly conflicts: ReadonlySet<RepoPath>;
}

/** Git's merge, and the paths whose merged file cannot be parsed. */
export interface MarkedMerge extends TreeMerge {
  readonly unreadable: ReadonlySet<RepoPath>;
}
