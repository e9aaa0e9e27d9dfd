import { createCommand } from '../../engine/core/client.ts';
import { EXIT_NEEDS_PERSON } from '../../engine/core/errors.ts';
import type { Generator } from '../../generators/generator.ts';
import type { Outcome } from '../../generators/outcome.ts';
import { createdText, grownText, outcomeJson, planText } from '../../report/outcome.ts';
import { repeatCommand } from '../../report/repeat-command.ts';
import type { RunContext } from '../run-context.ts';

/** What of a command line matters once a run is done. */
interface RunInvocation {
  readonly format: string;
  readonly flags: {
    readonly plan: string | true | undefined;
    readonly preset?: string | undefined;
    readonly trust?: readonly string[];
    readonly overwrite?: boolean;
    readonly 'no-git'?: boolean;
    readonly 'no-install'?: boolean;
  };
}

/**
 * Keeps the plan if that is wanted, commits a new service and installs its dependencies, and reports.
 * @param generator that made the plan, if one did
 * @returns 4 if something is left for a person
 */
export async function finish(
  outcome: Outcome,
  generator: Generator | undefined,
  { flags, format }: RunInvocation,
  { cwd, output, onApplied, onStop }: RunContext,
): Promise<number> {
  const { applied } = outcome;
  const json = format === 'json';
  if (typeof flags.plan === 'string') (await import('./plan-file.ts')).keepPlan(flags.plan, outcome, cwd);
  const stop = new AbortController();
  onStop((signal) => stop.abort(signal));
  onApplied(applied);
  const kept = (['overwrite', 'no-git', 'no-install'] as const).flatMap((flag) => (flags[flag] ? [`--${flag}`] : []));
  const preset = flags.preset === undefined ? [] : ['--preset', flags.preset];
  const trust = (flags.trust ?? []).flatMap((name) => ['--trust', name]);
  const repeat = repeatCommand(outcome, cwd, [...preset, ...trust, ...kept], generator, createCommand(process.env));
  if (!applied)
    return output.data(json ? JSON.stringify(outcomeJson(outcome, undefined, repeat)) : await planText(outcome, cwd));
  if (outcome.generator !== 'create' && outcome.generator !== 'workspace') {
    if (json) output.data(JSON.stringify(outcomeJson(outcome, undefined, repeat)));
    else output.chatter(grownText(outcome, cwd));
    return outcome.attention?.length ? EXIT_NEEDS_PERSON : 0;
  }
  const { followUp } = await import('../../generators/create/follow-up.ts');
  const after = await followUp(outcome, {
    git: !flags['no-git'],
    // A workspace has no packages of its own.
    install: !flags['no-install'] && outcome.generator === 'create',
    stop: stop.signal,
  });
  if (after.said !== '') output.chatter(after.said);
  if (json) output.data(JSON.stringify(outcomeJson(outcome, after, repeat)));
  else output.chatter(createdText(outcome, after, cwd, repeat));
  const isDone = after.git !== 'failed' && after.install !== 'failed' && after.attention.length === 0;
  return isDone ? 0 : EXIT_NEEDS_PERSON;
}
