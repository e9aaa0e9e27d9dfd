import { EXIT_NEEDS_PERSON, UserError } from '../../engine/core/errors.ts';
import type { FileChange } from '../../engine/core/plan.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { abortUpgrade, continueUpgrade } from '../../maintenance/upgrade/finish.ts';
import type { UpgradeOutcome } from '../../maintenance/upgrade/outcome.ts';
import { upgradeService } from '../../maintenance/upgrade/run.ts';
import { patchText } from '../../report/patch.ts';
import { repeatUpgrade } from '../../report/repeat-command.ts';
import { summaryMarkdown, upgradeJson, upgradeText } from '../../report/upgrade.ts';
import { type Ending, endedJson, endedText } from '../../report/upgrade-ended.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { UPGRADE_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';

type UpgradeInvocation = Invocation<typeof UPGRADE_OPTIONS>;

/** `upgrade`, `upgrade --continue`, `upgrade --abort`: 4 if something is left for a person. */
export async function runUpgrade(invocation: UpgradeInvocation, context: RunContext): Promise<number> {
  const { flags, format } = invocation;
  if (flags.continue || flags.abort) return endUpgrade(invocation, context);
  const { cwd, output, beforeCommit } = context;
  const { to, set, preset, branch, plan, dir, trust: trusted } = flags;
  const outcome = await upgradeService(
    { to, set, ...given({ preset }) },
    {
      cwd,
      beforeCommit,
      planOnly: plan,
      trusted,
      refresh: !flags['no-install'],
      repeat: (...args) => repeatUpgrade(flags, ...args),
      message: summaryMarkdown,
      ...given({ dir, branch }),
    },
  );
  context.onApplied(outcome.applied);
  if (format === 'json') output.data(JSON.stringify(upgradeJson(outcome)));
  else if (format === 'markdown') output.data(summaryMarkdown(outcome));
  else if (outcome.applied) output.chatter(upgradeText(outcome, cwd));
  else {
    const diffs = await patchText(shownChanges(outcome));
    output.data([upgradeText(outcome, cwd), ...(diffs.length > 0 ? ['', ...diffs] : [])].join('\n'));
  }
  const { conflicts, attention, questions } = outcome;
  return conflicts.length + attention.length + questions.length > 0 ? EXIT_NEEDS_PERSON : 0;
}

/** The changes whose diffs are printed. Until conflicts are resolved, the manifest only holds what is pending, in one long line. */
function shownChanges({ plan, conflicts }: UpgradeOutcome): readonly FileChange[] {
  return conflicts.length === 0 ? plan.changes : plan.changes.filter(({ path }) => path !== MANIFEST_PATH);
}

async function endUpgrade(
  { flags, format }: UpgradeInvocation,
  { cwd, output, beforeCommit }: RunContext,
): Promise<number> {
  const ending: Ending = flags.continue ? 'continue' : 'abort';
  const { to, set, trust, preset, branch, plan, dir } = flags;
  const others = [...to, ...set, ...trust, preset, branch].filter((value) => value !== undefined);
  if ((flags.continue && flags.abort) || plan || others.length > 0)
    throw new UserError('INPUT_INVALID', `--${ending} cannot be combined with other options`, 'Remove them.');
  const end = ending === 'continue' ? continueUpgrade : abortUpgrade;
  const outcome = await end({ cwd, beforeCommit, refresh: !flags['no-install'], ...given({ dir }) });
  if (format === 'json') output.data(JSON.stringify(endedJson(outcome, ending)));
  else output.chatter(endedText(outcome, ending));
  return outcome.attention.length > 0 ? EXIT_NEEDS_PERSON : 0;
}
