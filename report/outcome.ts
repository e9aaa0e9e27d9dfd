import { isUtf8 } from 'node:buffer';
import type { FollowUp } from '../bin/follow-up.ts';
import { count } from '../engine/core/count.ts';
import { printable, type UserError } from '../engine/core/errors.ts';
import { describeChange, type FileChange } from '../engine/core/plan.ts';
import { flagOf } from '../engine/core/question.ts';
import { displayPath } from '../engine/io/surroundings.ts';
import { GENERATORS, type Generator } from '../generators/generators.ts';
import type { Outcome } from '../generators/session.ts';
import { findStack } from '../stacks/index.ts';

/** The version of everything printed by `--format json`. A field may be added within a version, none changed. */
export const JSON_SCHEMA_VERSION = 1;

/** The command that repeats a run without questions: every answer that differs from its default, spelled out. */
export function repeatCommand(
  outcome: Pick<Outcome, 'generator' | 'target' | 'answers'>,
  cwd: string,
  flags: readonly string[],
  generators: readonly Generator[] = GENERATORS,
): string {
  const generator = generators.find(({ name }) => name === outcome.generator);
  if (generator === undefined) return `npx create-twelve-service ${outcome.generator}`;
  const { answers } = outcome;
  const options = generator.questions.flatMap((question) => {
    const value = answers[question.name];
    if (question.name === generator.positional || value === undefined) return [];
    if (typeof value === 'object') return value.flatMap((one) => spell(flagOf(question), one));
    const initial = typeof question.default === 'function' ? question.default(answers) : question.default;
    const choice = question.schema.type === 'string' && question.schema.enum !== undefined && question.asked;
    return value === initial && !choice ? [] : spell(flagOf(question), String(value));
  });
  const name = String(answers[generator.positional]);
  if (generator.name !== 'create')
    return ['npx create-twelve-service', generator.name, quote(name), ...options, '--yes'].join(' ');
  const folder = displayPath(cwd, outcome.target);
  const dir = folder === name.replace(/^@[^/]*\//, '') ? [] : ['--dir', quote(folder)];
  return ['npm create twelve-service@latest --', quote(name), ...dir, ...options, ...flags.map(quote), '--yes'].join(
    ' ',
  );
}

/** A value that looks like an option stands behind `=`. */
function spell(flag: string, value: string): string[] {
  return value.startsWith('-') ? [`${flag}=${quote(value)}`] : [flag, quote(value)];
}

function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** At most eight lines: where it is, what to run, how to repeat it. */
export function createdText(outcome: Outcome, followUp: FollowUp, cwd: string, repeat: string): string {
  const folder = displayPath(cwd, outcome.target);
  const enter = folder === '.' ? '' : `cd ${quote(folder)} && `;
  const notes = [...outcome.recovered, ...outcome.plan.notes, ...followUp.notes];
  const shown =
    notes.length > 4 ? [...notes.slice(0, 3), `${notes.length - 3} more notes: --format json has them`] : notes;
  const { commands } = findStack(outcome.answers);
  const install = followUp.install === 'done' ? '' : `${commands.install} && `;
  return [
    `${outcome.answers.name} is in ${printable(folder)} (${count(outcome.plan.changes.length, 'file')}).`,
    ...shown.map((note) => `  ${printable(note)}`),
    `Run it:     ${enter}${install}${commands.dev}`,
    `Test it:    ${enter}${install}${commands.test}`,
    `Repeat it:  ${repeat}`,
  ].join('\n');
}

/** What grew, and how to take it back. */
export function grownText(outcome: Outcome, cwd: string): string {
  const { changes, notes, next } = outcome.plan;
  const isOurs = ({ path }: FileChange) => path === '.twelve.json';
  const shown = changes.filter((change) => !isOurs(change));
  const files = shown.slice(0, 20).map(({ kind, path }) => `  ${kind.padEnd(6)} ${printable(path)}`);
  const more = shown.length > 20 ? [`  and ${shown.length - 20} more: --format json has them`] : [];
  const place = printable(displayPath(cwd, outcome.target));
  return [
    changes.length === 0 ? `Nothing to do in ${place}.` : `${count(shown.length, 'file')} in ${place}:`,
    ...files,
    ...more,
    ...[...outcome.recovered, ...notes].map((note) => `  ${printable(note)}`),
    ...(outcome.attention ?? []).map((line) => `  look: ${printable(line)}`),
    ...next.map((command) => `Then:       ${printable(command)}`),
    ...(changes.length === 0 || outcome.generator === 'undo' ? [] : ['Undo it:    npx create-twelve-service undo']),
  ].join('\n');
}

export function outcomeJson(outcome: Outcome, followUp: FollowUp | undefined, repeat: string): object {
  return {
    schema: JSON_SCHEMA_VERSION,
    ok: true,
    command: outcome.generator,
    applied: outcome.applied,
    target: outcome.target,
    answers: outcome.answers,
    changes: outcome.plan.changes.map(describeChange),
    notes: [...outcome.recovered, ...outcome.plan.notes, ...(followUp?.notes ?? [])],
    next: outcome.plan.next,
    ...(outcome.attention ? { attention: outcome.attention } : {}),
    git: followUp?.git ?? 'skipped',
    install: followUp?.install ?? 'skipped',
    repeat,
  };
}

/** The change list with unified diffs, as `patch` and `git apply` read them. */
export async function planText(outcome: Outcome, cwd: string): Promise<string> {
  const counts = new Map<string, number>();
  for (const { kind } of outcome.plan.changes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const diffs = await patchText(outcome.plan.changes);
  const summary = [...counts].map(([kind, count]) => `${count} to ${kind}`).join(', ') || 'nothing to do';
  const list = outcome.plan.changes.map(({ kind, path }) => `  ${kind.padEnd(6)} ${path}`);
  const notes = outcome.plan.notes.map((note) => `  note   ${printable(note)}`);
  return [
    `Plan for ${displayPath(cwd, outcome.target)}: ${summary}. Nothing was written.`,
    ...list,
    ...notes,
    '',
    ...diffs,
  ].join('\n');
}

/** Unified diffs, one for each change. */
export async function patchText(changes: readonly FileChange[]): Promise<string[]> {
  const { formatPatch, structuredPatch } = await import('diff');
  return changes.map((change) => {
    const { before, after } = sides(change);
    const mode = modeLines(change);
    const head = `diff --git a/${change.path} b/${change.path}\n${mode}`;
    if (isBinary(before) || isBinary(after)) return `${head}Binary files differ\n`;
    const from = change.kind === 'create' ? '/dev/null' : `a/${change.path}`;
    const to = change.kind === 'delete' ? '/dev/null' : `b/${change.path}`;
    const [old, young] = [before.toString('utf8'), after.toString('utf8')];
    const patch = structuredPatch(from, to, old, young, undefined, undefined, { context: 3 });
    // An empty file is a head alone to git.
    return patch.hunks.length === 0 ? head : head + formatPatch(patch).replace(/^=+\n/, '');
  });
}

/** The lines of a git patch that say what becomes of a file's mode. */
function modeLines(change: FileChange): string {
  const bits = (mode: number) => `100${mode.toString(8)}`;
  if (change.kind === 'create') return `new file mode ${bits(change.after.mode)}\n`;
  if (change.kind === 'delete') return `deleted file mode ${bits(change.before.mode)}\n`;
  const { before, after } = change;
  return before.mode === after.mode ? '' : `old mode ${bits(before.mode)}\nnew mode ${bits(after.mode)}\n`;
}

function sides(change: FileChange): { before: Buffer; after: Buffer } {
  return {
    before: Buffer.from('before' in change ? change.before.content : []),
    after: Buffer.from('after' in change ? change.after.content : []),
  };
}

/** What text cannot show as it is, UTF-8 being what the plan is written in. */
function isBinary(content: Buffer): boolean {
  return content.includes(0) || !isUtf8(content);
}

/** One line of cause, one of remedy. */
export function errorText(error: UserError): string {
  return `error: ${printable(error.message)}\nhelp:  ${printable(error.remedy)}`;
}

export function errorJson(error: UserError): object {
  const { code, exit, message, remedy, problems } = error;
  return { schema: JSON_SCHEMA_VERSION, ok: false, code, exit, message, remedy, problems };
}
