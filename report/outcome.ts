import { printable } from '../engine/core/errors.ts';
import { describeChange, type FileChange } from '../engine/core/plan.ts';
import { isRecordPath } from '../engine/core/record/addition-record.ts';
import { MANIFEST_PATH } from '../engine/core/service/manifest.ts';
import { count } from '../engine/core/text/count.ts';
import { dirOption, displayPath, placeText } from '../engine/core/text/display-path.ts';
import { quote } from '../engine/core/text/shell-word.ts';
import type { FollowUp } from '../generators/create/follow-up.ts';
import type { Outcome } from '../generators/outcome.ts';
import { findStack } from '../stacks/index.ts';
import { JSON_SCHEMA_VERSION } from './parts/json.ts';
import { patchText } from './patch.ts';

/** At most eight lines: the folder of the service, what to run, how to repeat the run. */
export function createdText(outcome: Outcome, followUp: FollowUp, cwd: string, repeat: string): string {
  const target = outcome.folder ?? outcome.target;
  const folder = displayPath(cwd, target);
  const enter = folder === '.' ? '' : `cd ${quote(folder)} && `;
  const looks = followUp.attention.map((line) => `look: ${line}`);
  const joined =
    outcome.folder === undefined
      ? []
      : [`it has joined the workspace in ${printable(placeText(cwd, outcome.target))}: undo there takes both back`];
  const notes = [...looks, ...joined, ...outcome.recovered, ...outcome.plan.notes, ...followUp.notes];
  const shown =
    notes.length > 4 ? [...notes.slice(0, 3), `${notes.length - 3} more notes: --format json has them`] : notes;
  const { commands } = findStack(outcome.answers);
  const isReady = followUp.install === 'done' || followUp.installWith === '';
  const install = isReady ? '' : `${followUp.installWith} && `;
  return [
    `${outcome.answers.name} is in ${printable(placeText(cwd, target))} (${count(outcome.plan.changes.length, 'file')}).`,
    ...shown.map((note) => `  ${printable(note)}`),
    `Run it:     ${enter}${install}${commands.dev}`,
    `Test it:    ${enter}${install}${commands.test}`,
    `Repeat it:  ${repeat}`,
  ].join('\n');
}

/** The changed files, and how to undo the run. */
export function grownText(outcome: Outcome, cwd: string): string {
  const { changes, notes, next } = outcome.plan;
  const isOurs = ({ path }: FileChange) => path === MANIFEST_PATH || isRecordPath(path);
  const isAllOurs = changes.every(isOurs);
  const shown = isAllOurs ? changes : changes.filter((change) => !isOurs(change));
  const files = shown.slice(0, 20).map(({ kind, path }) => `  ${kind.padEnd(6)} ${printable(path)}`);
  const more = shown.length > 20 ? [`  and ${shown.length - 20} more: --format json has them`] : [];
  const place = printable(placeText(cwd, outcome.target));
  const undo = ['npx create-twelve-service undo', ...dirOption(cwd, outcome.target)];
  return [
    changes.length === 0
      ? `Nothing ${outcome.attention?.length ? 'was changed' : 'to do'} in ${place}.`
      : `${count(shown.length, 'file')} in ${place}:`,
    ...files,
    ...more,
    ...[...outcome.recovered, ...notes].map((note) => `  ${printable(note)}`),
    ...(outcome.attention ?? []).map((line) => `  look: ${printable(line)}`),
    ...next.map((command) => `Then:       ${printable(command)}`),
    ...(changes.length === 0 || outcome.generator === 'undo' ? [] : [`Undo it:    ${undo.join(' ')}`]),
  ].join('\n');
}

export function outcomeJson(outcome: Outcome, followUp: FollowUp | undefined, repeat: string): object {
  const attention = [...(outcome.attention ?? []), ...(followUp?.attention ?? [])];
  return {
    schema: JSON_SCHEMA_VERSION,
    ok: true,
    command: outcome.generator,
    applied: outcome.applied && outcome.plan.changes.length > 0,
    target: outcome.target,
    ...(outcome.folder === undefined ? {} : { folder: outcome.folder }),
    answers: outcome.answers,
    changes: outcome.plan.changes.map(describeChange),
    notes: [...outcome.recovered, ...outcome.plan.notes, ...(followUp?.notes ?? [])],
    next: [...(followUp?.next ?? []), ...outcome.plan.next],
    ...(attention.length > 0 || outcome.attention ? { attention } : {}),
    git: followUp?.git ?? 'skipped',
    install: followUp?.install ?? 'skipped',
    repeat,
  };
}

/** The list of changes with unified diffs, for `patch` and `git apply`. */
export async function planText(outcome: Outcome, cwd: string): Promise<string> {
  const counts = new Map<string, number>();
  for (const { kind } of outcome.plan.changes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const diffs = await patchText(outcome.plan.changes);
  const summary = [...counts].map(([kind, count]) => `${count} to ${kind}`).join(', ') || 'nothing to do';
  const list = outcome.plan.changes.map(({ kind, path }) => `  ${kind.padEnd(6)} ${path}`);
  const notes = [
    ...outcome.plan.notes.map((note) => `  note   ${printable(note)}`),
    ...(outcome.attention ?? []).map((line) => `  look   ${printable(line)}`),
  ];
  return [
    `Plan for ${placeText(cwd, outcome.target)}: ${summary}. Nothing was written.`,
    ...list,
    ...notes,
    ...(diffs.length > 0 ? ['', ...diffs] : []),
  ].join('\n');
}
