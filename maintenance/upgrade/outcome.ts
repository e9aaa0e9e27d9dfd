import type { MergedFile } from '../../engine/core/merge/merged-file.ts';
import type { Plan } from '../../engine/core/plan.ts';
import type { VersionChange } from './merge.ts';

/** What an upgrade did, or would do. */
export interface UpgradeOutcome {
  readonly target: string;
  readonly service: string;
  /** What is of another version than before. */
  readonly versions: readonly VersionChange[];
  /** The standard that it is of now, e.g. `create-twelve-service 0.2.0`. */
  readonly standard: string;
  readonly files: readonly MergedFile[];
  readonly plan: Plan;
  readonly applied: boolean;
  /** A person has to resolve these: exit code 4. */
  readonly conflicts: readonly string[];
  /** A person has to look at these: exit code 4. */
  readonly attention: readonly string[];
  readonly branch?: string;
  readonly recovered: readonly string[];
}

/** What `--continue` or `--abort` did. */
export type EndOutcome = Pick<UpgradeOutcome, 'target' | 'service' | 'plan' | 'recovered'>;
