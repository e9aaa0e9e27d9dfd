import { basename } from 'node:path';
import { printable } from '../engine/core/errors.ts';
import { flagOf } from '../engine/core/question.ts';
import { dirOption, displayPath } from '../engine/core/text/display-path.ts';
import { redactSecrets } from '../engine/core/text/redact.ts';
import { quote } from '../engine/core/text/shell-word.ts';
import type { Generator } from '../generators/generator.ts';
import type { Outcome } from '../generators/outcome.ts';

/**
 * The command that repeats a run without questions. It has every answer that differs from its default.
 * @param flags options of the run that have to be repeated
 * @param generator the generator of the run; not set for another command
 * @param creates the command that makes a service, with the client in use
 */
export function repeatCommand(
  outcome: Pick<Outcome, 'generator' | 'target' | 'folder' | 'answers'>,
  cwd: string,
  flags: readonly string[],
  generator: Generator | undefined,
  creates: string,
): string {
  const { answers } = outcome;
  const target = outcome.folder ?? outcome.target;
  if (generator === undefined)
    return ['npx create-twelve-service', outcome.generator, ...dirOption(cwd, target)].join(' ');
  const options = generator.questions.flatMap((question) => {
    const value = answers[question.name];
    if (question.name === generator.positional || value === undefined) return [];
    // Nobody chooses it there: the pipelines of a workspace are in its root.
    if (question.name === 'ci' && outcome.folder !== undefined) return [];
    if (typeof value === 'object') return value.flatMap((one) => spell(flagOf(question), one));
    const initial = typeof question.default === 'function' ? question.default(answers) : question.default;
    const choice = question.schema.type === 'string' && question.schema.enum !== undefined && question.asked;
    return value === initial && !choice ? [] : spell(flagOf(question), String(value));
  });
  if (generator.name === 'workspace') {
    const folder = displayPath(cwd, target);
    const name = basename(target) === answers.name ? [] : spell('--name', String(answers.name));
    const words = ['workspace', quote(folder), ...name, ...options, ...flags.map(quote)];
    return ['npx create-twelve-service', ...words, '--yes'].join(' ');
  }
  if (generator.name !== 'create') {
    const named = answers[generator.positional];
    // Another answer may make it needless, as a document does for a route.
    const name = named === undefined ? [] : [quote(String(named))];
    const words = [generator.name, ...name, ...options, ...dirOption(cwd, target)];
    return ['npx create-twelve-service', ...words, '--yes'].join(' ');
  }
  const name = String(answers[generator.positional]);
  const folder = displayPath(cwd, target);
  const dir = folder === name.replace(/^@[^/]*\//, '') ? [] : ['--dir', quote(folder)];
  return [creates, quote(name), ...dir, ...options, ...flags.map(quote), '--yes'].join(' ');
}

/** The options of an upgrade that have to be repeated. */
interface UpgradeFlags {
  readonly to: readonly string[];
  readonly set: readonly string[];
  readonly trust: readonly string[];
  readonly preset?: string | undefined;
  readonly dir?: string | undefined;
  readonly branch?: string | true | undefined;
  readonly plan: boolean;
  readonly 'no-install': boolean;
}

/**
 * The command that repeats an upgrade with other answers.
 * @param answers `NAME=VALUE`
 * @param wrong names of answers of the run that are left out
 * @param isThere whether it is for a checkout of the branch that the run made: it makes no other one
 */
export function repeatUpgrade(
  flags: UpgradeFlags,
  answers: readonly string[],
  wrong: readonly string[],
  isThere = false,
): string {
  const { to, set, trust, preset, dir, branch, plan } = flags;
  const kept = set.filter((text) => !wrong.includes(text.split('=')[0] ?? ''));
  const onBranch = branch === undefined || isThere ? [] : [branch === true ? '--branch' : `--branch=${quote(branch)}`];
  const words = [
    ...to.flatMap((version) => spell('--to', version)),
    ...(preset === undefined ? [] : spell('--preset', preset)),
    ...trust.flatMap((name) => spell('--trust', name)),
    ...(dir === undefined ? [] : spell('--dir', dir)),
    ...onBranch,
    ...(plan ? ['--plan'] : []),
    ...(flags['no-install'] ? ['--no-install'] : []),
    ...[...kept, ...answers].flatMap((answer) => spell('--set', answer)),
  ];
  return redactSecrets(printable(['npx create-twelve-service upgrade', ...words].join(' ')));
}

/** A value that looks like an option is written after `=`. */
function spell(flag: string, value: string): string[] {
  return value.startsWith('-') ? [`${flag}=${quote(value)}`] : [flag, quote(value)];
}
