import { basename, resolve } from 'node:path';
import { EXIT_NEEDS_PERSON, UserError } from '../engine/core/errors.ts';
import type { RawAnswers } from '../engine/core/question.ts';
import { canAsk } from '../engine/io/terminal.ts';
import { packageVersion } from '../engine/io/version.ts';
import { GENERATORS, type Generator } from '../generators/generators.ts';
import type { PlopSession } from '../generators/plopfile.ts';
import type { Outcome } from '../generators/session.ts';
import { currentFolder } from './current-folder.ts';
import { afterwards, interrupted, reportError, toUserError } from './failure.ts';
import { type Output, systemOutput } from './output.ts';
import { progress } from './progress.ts';
import { type ReadCommand, readCommand } from './read-command.ts';
import { findVerb, parseInvocation, verbHelp } from './verb-arguments.ts';
import type { Verb } from './verbs.ts';

/**
 * argv -> command -> answers -> outcome -> report, as a list of steps. Ends with an exit code, and does not exit.
 */
export async function main(argv: readonly string[], output: Output = systemOutput): Promise<number> {
  const json = wantsJson(argv);
  try {
    const verb = findVerb(argv);
    if (verb) return await runOther(verb, argv.slice(1), output);
    const command = await readCommand(argv, output);
    if (command.flags.version) return output.data(packageVersion());
    if (command.flags.help) return output.data((await import('./help.ts')).helpText());
    if (command.verb === 'describe') return await describe(json, command.generators, output);
    const session = await startSession(command);
    const outcome = await runVerb(command, session, output);
    progress.applied = outcome.applied;
    return await report(command, outcome, output);
  } catch (error) {
    const failure = progress.applied ? afterwards(toUserError(error)) : toUserError(error);
    return await reportError(failure, { json, debug: argv.includes('--debug') }, output);
  }
}

/** A verb of its own bundle. */
async function runOther(verb: Verb, argv: readonly string[], output: Output): Promise<number> {
  const invocation = await parseInvocation(verb, argv);
  if (invocation.flags.help) return output.data(verbHelp(verb));
  const { COMMANDS } = await import('./commands.ts');
  const run = COMMANDS[verb.name];
  if (!run) throw new Error(`${verb.name} is not there`);
  return run(invocation, {
    cwd: currentFolder(),
    output,
    beforeCommit: stopIfSignalled,
    onApplied: (applied) => {
      progress.applied = applied;
    },
    onInterrupt: (cleanUp) => {
      progress.cleanUp = cleanUp;
    },
  });
}

/** Known before the command line is understood, so that an error in it is JSON too. */
export function wantsJson(argv: readonly string[]): boolean {
  const at = argv.indexOf('--format');
  return argv.includes('--format=json') || (at !== -1 && argv[at + 1] === 'json');
}

async function describe(json: boolean, generators: readonly Generator[], output: Output): Promise<number> {
  const { describeJson, describeText } = await import('./describe.ts');
  return output.data(json ? JSON.stringify(describeJson(generators), null, 2) : describeText(generators));
}

async function startSession({
  verb,
  flags,
  answers,
  positional,
  generators,
  standard,
}: ReadCommand): Promise<PlopSession> {
  const cwd = currentFolder();
  const file =
    typeof flags.answers === 'string' ? await (await import('./answers.ts')).readAnswers(flags.answers, cwd) : {};
  const here = verb === 'create' && positional === '.';
  const dir = typeof flags.dir === 'string' ? flags.dir : here ? '.' : undefined;
  if (dir === '') throw new UserError('INPUT_INVALID', '--dir is empty', 'Name a folder, or leave --dir away.');
  const question = GENERATORS.find((generator) => generator.name === verb)?.positional ?? '';
  const value = here ? basename(resolve(cwd, dir ?? '.')) : positional;
  if (value !== undefined && answers[question] !== undefined)
    throw new UserError(
      'INPUT_INVALID',
      `the ${question} is given twice, as an argument and as --${question}`,
      'Give it once.',
    );
  const given: RawAnswers = { ...file, ...answers, ...(value === undefined ? {} : { [question]: value }) };
  const options = {
    cwd,
    overwrite: flags.overwrite === true,
    planOnly: flags.plan !== undefined,
    beforeCommit: stopIfSignalled,
    ...(dir === undefined ? {} : { dir }),
    ...(standard ? { standard } : {}),
  };
  return { options, given, generators };
}

/** Lets a signal in that came while files were staged. */
async function stopIfSignalled(): Promise<void> {
  progress.writing = true;
  await new Promise((resolve) => setImmediate(resolve));
  if (progress.signal) throw interrupted(progress.signal === 'SIGINT' ? 'INTERRUPTED' : 'TERMINATED', true);
}

/** Everything but a generator is a function of its own. */
async function runVerb(command: ReadCommand, session: PlopSession, output: Output): Promise<Outcome> {
  const outcome = await outcomeOf(command, session, output);
  const { plan } = command.flags;
  if (typeof plan === 'string') (await import('./plan-file.ts')).keepPlan(plan, outcome, currentFolder());
  return outcome;
}

async function outcomeOf(command: ReadCommand, session: PlopSession, output: Output): Promise<Outcome> {
  const { verb, positional } = command;
  if (verb === 'undo') return (await import('../maintenance/undo/run.ts')).undoLastRun(session.options);
  if (verb === 'apply') {
    if (positional === undefined)
      throw new UserError('INPUT_MISSING', 'which plan?', 'Name the file that --plan=FILE wrote: twelve apply FILE.');
    return (await import('../maintenance/apply/run.ts')).applyPlanFile(positional, session.options);
  }
  return runSession(command, session, output);
}

/** plop asks what is missing, if anybody is there to answer, and runs the generator's one action. */
async function runSession(command: ReadCommand, session: PlopSession, output: Output): Promise<Outcome> {
  const { verb, flags } = command;
  const [{ default: nodePlop }, { default: plopfile }] = await Promise.all([
    import('node-plop'),
    import('../generators/plopfile.ts'),
  ]);
  const plop = await nodePlop();
  plopfile(plop, { session });
  const generator = plop.getGenerator(verb);
  // Standard input cannot carry both answers and a person's keys.
  const ask =
    flags.yes !== true && flags.answers !== '-' && (generator.prompts as unknown[]).length > 0 && (await canAsk());
  const answers = ask ? await generator.runPrompts() : {};
  if (ask && verb !== 'create' && !session.options.planOnly) {
    const { confirmPlan } = await import('./confirm.ts');
    session.options = { ...session.options, confirm: (plan) => confirmPlan(plan, session.options.cwd, output) };
  }
  await generator.runActions(answers);
  const { result } = session;
  if (!result) throw new Error('plop ran no action');
  if ('outcome' in result) return result.outcome;
  const { withReadyCommand } = await import('./ready-command.ts');
  throw withReadyCommand(result.error, command, { ...session.given, ...answers }, session.options);
}

async function report(command: ReadCommand, outcome: Outcome, output: Output): Promise<number> {
  const { createdText, grownText, outcomeJson, planText, repeatCommand } = await import('../report/outcome.ts');
  const { flags } = command;
  const cwd = currentFolder();
  const kept = (['overwrite', 'no-git', 'no-install'] as const)
    .filter((flag) => flags[flag])
    .map((flag) => `--${flag}`);
  const preset = typeof flags.preset === 'string' ? ['--preset', flags.preset] : [];
  const repeat = repeatCommand(outcome, cwd, [...preset, ...kept], command.generators);
  const json = flags.format === 'json';
  if (outcome.applied && outcome.generator !== 'create') {
    if (json) output.data(JSON.stringify(outcomeJson(outcome, undefined, repeat)));
    else output.chatter(grownText(outcome, cwd));
    return outcome.attention?.length ? EXIT_NEEDS_PERSON : 0;
  }
  if (!outcome.applied)
    return output.data(json ? JSON.stringify(outcomeJson(outcome, undefined, repeat)) : await planText(outcome, cwd));
  const { followUp } = await import('./follow-up.ts');
  const after = followUp(outcome, { git: !flags['no-git'], install: !flags['no-install'] });
  if (json) output.data(JSON.stringify(outcomeJson(outcome, after, repeat)));
  else output.chatter(createdText(outcome, after, cwd, repeat));
  return after.git === 'failed' || after.install === 'failed' ? EXIT_NEEDS_PERSON : 0;
}
