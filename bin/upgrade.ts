import { count } from '../engine/core/count.ts';
import { EXIT_NEEDS_PERSON, printable, UserError } from '../engine/core/errors.ts';
import { describeChange } from '../engine/core/plan.ts';
import { displayPath } from '../engine/io/surroundings.ts';
import { abortUpgrade, continueUpgrade, type Finished } from '../maintenance/upgrade/finish.ts';
import type { UpgradeOutcome } from '../maintenance/upgrade/outcome.ts';
import { upgradeService } from '../maintenance/upgrade/run.ts';
import { byOutcome, summaryMarkdown } from '../maintenance/upgrade/summary.ts';
import { JSON_SCHEMA_VERSION, patchText } from '../report/outcome.ts';
import type { Invocation } from './verb-arguments.ts';
import type { VerbContext } from './verb-context.ts';

/** `upgrade`, `upgrade --continue`, `upgrade --abort` */
export async function runUpgrade({ flags, format }: Invocation, context: VerbContext): Promise<number> {
  const { cwd, output, beforeCommit } = context;
  const dir = typeof flags.dir === 'string' ? { dir: flags.dir } : {};
  const ways = ['continue', 'abort'].filter((flag) => flags[flag]);
  const others = Object.keys(flags).filter((flag) => !['continue', 'abort', 'dir', 'format', 'debug'].includes(flag));
  if (ways.length > 1 || (ways.length === 1 && others.length > 0))
    throw new UserError('INPUT_INVALID', `--${ways[0]} stands alone`, 'Leave the other options away.');
  if (ways.length === 1) {
    const options = { cwd, beforeCommit, ...dir };
    const finished = await (flags.continue ? continueUpgrade : abortUpgrade)(options);
    return reportFinished(finished, flags.continue === true, format, context);
  }
  const { to, set, preset, branch, plan } = flags;
  const outcome = await upgradeService(
    {
      ...(Array.isArray(to) ? { to } : {}),
      ...(Array.isArray(set) ? { set } : {}),
      ...(typeof preset === 'string' ? { preset } : {}),
    },
    {
      cwd,
      beforeCommit,
      planOnly: plan === true,
      ...dir,
      ...(branch === undefined ? {} : { branch: branch === true || String(branch) }),
    },
  );
  context.onApplied(outcome.applied);
  if (format === 'json') output.data(JSON.stringify(outcomeJson(outcome)));
  else if (format === 'markdown') output.data(summaryMarkdown(outcome));
  else if (outcome.applied) output.chatter(outcomeText(outcome, cwd));
  else output.data(`${outcomeText(outcome, cwd)}\n\n${(await patchText(outcome.plan.changes)).join('\n')}`);
  return outcome.conflicts.length > 0 || outcome.attention.length > 0 ? EXIT_NEEDS_PERSON : 0;
}

function outcomeText(outcome: UpgradeOutcome, cwd: string): string {
  const { files, plan, conflicts, attention, applied, branch, recovered } = outcome;
  const isSame = plan.changes.length === 0;
  const place = printable(displayPath(cwd, outcome.target));
  const groups = byOutcome(files).flatMap(([name, matching]) => {
    const shown = name === 'updated' || name === 'created' || name === 'kept' ? 6 : 40;
    const more = matching.length > shown ? [`  ${' '.repeat(14)} and ${matching.length - shown} more`] : [];
    return [
      ...matching
        .slice(0, shown)
        .map(({ path, note }) => `  ${name.padEnd(14)} ${printable(path)}${note ? ` (${printable(note)})` : ''}`),
      ...more,
    ];
  });
  const counts = byOutcome(files).map(([name, matching]) => `${matching.length} ${name}`);
  const head = isSame
    ? `${outcome.service} is at ${outcome.standard}; nothing to do.`
    : `${outcome.service}: ${versionsText(outcome)}`;
  return [
    isSame ? head : `${head}${applied ? '' : ' (plan; nothing was written)'}`,
    ...(isSame ? [] : groups),
    ...(isSame || counts.length === 0 ? [] : [`In ${place}: ${counts.join(', ')}.`]),
    ...[...recovered, ...plan.notes].map((note) => `  ${printable(note)}`),
    ...attention.map((line) => `Look:       ${printable(line)}`),
    ...(branch !== undefined ? [`On branch:  ${branch}`] : []),
    ...(branch !== undefined && conflicts.length > 0 ? [`Go there:   git switch ${branch}`] : []),
    ...(conflicts.length > 0 ? [`Resolve:    ${printable(conflicts.join(' '))}`] : []),
    ...(isSame ? [] : plan.next.map((command) => `Then:       ${command}`)),
    ...(conflicts.length > 0
      ? [
          `Or back:    ${branch === undefined ? 'npx create-twelve-service upgrade --abort' : `git branch -D ${branch}`}`,
        ]
      : []),
    ...(!isSame && applied && branch === undefined && conflicts.length === 0
      ? ['Undo it:    npx create-twelve-service undo']
      : []),
  ].join('\n');
}

/** `@acme/service-preset 1.0.0 -> 2.0.0` */
function versionsText({ versions }: UpgradeOutcome): string {
  const all = versions.map(({ name, from, to }) => `${name} ${[from ?? 'none', to ?? 'none'].join(' -> ')}`);
  return all.length === 0 ? 'other answers' : all.join(', ');
}

function outcomeJson(outcome: UpgradeOutcome): object {
  const { target, service, versions, standard, files, plan, conflicts, attention, applied, branch, recovered } =
    outcome;
  return {
    schema: JSON_SCHEMA_VERSION,
    ok: true,
    command: 'upgrade',
    applied,
    target,
    service,
    versions,
    standard,
    files: files.map(({ path, outcome: what, note, from: before, beside }) => ({
      path,
      outcome: what,
      ...(note ? { note } : {}),
      ...(before ? { from: before } : {}),
      ...(beside ? { beside: beside.path } : {}),
    })),
    changes: plan.changes.map(describeChange),
    conflicts,
    attention,
    notes: [...recovered, ...plan.notes],
    next: plan.next,
    ...(branch === undefined ? {} : { branch }),
  };
}

function reportFinished(finished: Finished, isContinue: boolean, format: string, { output }: VerbContext): number {
  const { service, target, plan, recovered } = finished;
  const text = isContinue
    ? `${service}: the upgrade is finished.`
    : `${service} is as it was before the upgrade (${count(plan.changes.length, 'file')} put back).`;
  if (format === 'json') {
    const command = isContinue ? 'upgrade --continue' : 'upgrade --abort';
    const changes = plan.changes.map(describeChange);
    output.data(
      JSON.stringify({ schema: JSON_SCHEMA_VERSION, ok: true, command, target, service, changes, notes: recovered }),
    );
  } else output.chatter([text, ...recovered.map((line) => `  ${printable(line)}`)].join('\n'));
  return 0;
}
