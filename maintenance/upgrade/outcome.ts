import type { MergedFile } from '../../engine/core/merge/merged-file.ts';
import type { Plan } from '../../engine/core/plan.ts';
import type { VersionChange } from './merge.ts';
import type { OpenQuestion } from './open-questions.ts';

/** What an upgrade did, or would do. */
export interface UpgradeOutcome {
  readonly target: string;
  readonly service: string;
  /** The template and the presets whose version changed. */
  readonly versions: readonly VersionChange[];
  /** The names of the answers that differ from the recorded ones. */
  readonly answers: readonly string[];
  /** The standard after the upgrade, e.g. `create-twelve-service 0.2.0`. */
  readonly standard: string;
  readonly files: readonly MergedFile[];
  readonly plan: Plan;
  readonly applied: boolean;
  /** Files with conflicts that a person has to resolve. If there is any, the exit code is 4. */
  readonly conflicts: readonly string[];
  /** What a person has to check. If there is any, the exit code is 4. */
  readonly attention: readonly string[];
  /**
   * What the team has to answer first. If there is any, nothing was merged: the commit on the branch changes no file, and its
   * message asks. The exit code is 4.
   */
  readonly questions: readonly OpenQuestion[];
  readonly branch?: string;
  readonly recovered: readonly string[];
}

/** What `--continue` or `--abort` did. */
export type EndOutcome = Pick<UpgradeOutcome, 'target' | 'service' | 'plan' | 'attention' | 'recovered'>;
