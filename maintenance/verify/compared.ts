import type { Baseline } from '../../contract/judge/baseline.ts';
import type { Profile } from '../../contract/profile.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { failedRules } from './choose-rules.ts';
import { readEarlierReport } from './earlier-report.ts';

interface Request {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** What `--rule` names. */
  readonly rules: readonly string[];
  /** `--only-failed` and `--baseline`: files, relative to `cwd`, or `-` for standard input. */
  readonly onlyFailed?: string;
  readonly baseline?: string;
}

/** What earlier reports say about this run. */
interface Compared {
  /** The rules that are looked at, if an earlier report says which. */
  readonly rules?: readonly string[];
  readonly baseline?: Baseline;
  readonly notes: readonly string[];
}

/**
 * What `--only-failed` and `--baseline` say.
 * @throws {UserError} INPUT_INVALID for a file that is no report, or a baseline of another profile
 */
export function readCompared({ cwd, rules: named, onlyFailed, baseline: file }: Request, profile: Profile): Compared {
  const refuse = (what: string, remedy: string) => new UserError('INPUT_INVALID', what, remedy);
  if (onlyFailed !== undefined && named.length > 0)
    throw refuse('--only-failed cannot be combined with --rule', 'Both say which rules are looked at: remove one.');
  if (onlyFailed === '-' && file === '-')
    throw refuse(
      '--only-failed and --baseline cannot both be read from standard input',
      'Name a file for one of them.',
    );
  const baseline = file === undefined ? undefined : readEarlierReport('--baseline', file, cwd);
  if (baseline !== undefined && baseline.profile !== profile)
    throw refuse(
      `--baseline ${printable(file ?? '')} is of the profile ${baseline.profile}, and this run of ${profile}`,
      `Make a baseline of this profile, or give --profile ${baseline.profile}.`,
    );
  const before = { ...(baseline === undefined ? {} : { baseline }), notes: [] };
  if (onlyFailed === undefined) return before;
  const earlier = readEarlierReport('--only-failed', onlyFailed, cwd);
  const rules = failedRules(earlier, profile);
  const report = `the report of ${earlier.date} (--only-failed)`;
  if (rules.length === 0) return { ...before, notes: [`no rule is broken in ${report}, so all were looked at`] };
  return { ...before, rules, notes: [`only what is broken in ${report} was looked at: ${rules.join(', ')}`] };
}
