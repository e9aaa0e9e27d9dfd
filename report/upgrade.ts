import { printable } from '../engine/core/errors.ts';
import { BESIDE } from '../engine/core/merge/merge-file.ts';
import { describeChange } from '../engine/core/plan.ts';
import { count } from '../engine/core/text/count.ts';
import { dirOption, placeText } from '../engine/core/text/display-path.ts';
import type { UpgradeOutcome } from '../maintenance/upgrade/outcome.ts';
import { JSON_SCHEMA_VERSION } from './parts/json.ts';
import { questionText } from './parts/question.ts';
import { listFiles } from './upgrade-files.ts';
import { nothingToDo, titleOf, versionsText } from './upgrade-title.ts';

/** The outcome of each file, and what to do next. */
export function upgradeText(outcome: UpgradeOutcome, cwd: string): string {
  const { files, plan, conflicts, attention, questions, applied, branch, recovered } = outcome;
  if (questions.length > 0) return questionsText(outcome);
  const isSame = plan.changes.length === 0;
  const isIdle = nothingToDo(outcome);
  const place = printable(placeText(cwd, outcome.target));
  const ours = (words: string) => ['npx create-twelve-service', words, ...dirOption(cwd, outcome.target)].join(' ');
  const { groups, deletedBefore } = listFiles(files);
  const list = groups.flatMap(({ outcome: name, lines }) => {
    const shown = name === 'updated' || name === 'created' || name === 'kept' ? 6 : 40;
    const more = lines.length > shown ? [`  ${' '.repeat(14)} and ${lines.length - shown} more`] : [];
    return [
      ...lines
        .slice(0, shown)
        .map(({ path, note }) => `  ${name.padEnd(14)} ${printable(path)}${note ? ` (${printable(note)})` : ''}`),
      ...more,
    ];
  });
  if (deletedBefore > 0) list.push(`  ${beforeText(deletedBefore)}`);
  const counts = groups.map(({ outcome: name, files: number }) => `${number} ${name}`);
  const at = `${outcome.service} is at ${outcome.standard}`;
  const head = isSame
    ? `${at}; ${isIdle ? 'nothing to do' : attention.length > 0 ? 'a person is needed' : 'what follows from its files is not up to date'}.`
    : `${outcome.service}: ${versionsText(outcome)}`;
  return [
    isSame ? head : `${head}${applied ? '' : ' (plan; nothing was written)'}`,
    ...(isSame ? [] : list),
    ...(isSame || counts.length === 0 ? [] : [`In ${place}: ${counts.join(', ')}.`]),
    ...[...recovered, ...plan.notes].map((note) => `  ${printable(note)}`),
    ...attention.map((line) => `Look:       ${printable(line)}`),
    ...(branch !== undefined ? [`On branch:  ${branch}`] : []),
    ...(branch !== undefined && conflicts.length > 0 ? [`Go there:   git switch ${branch}`] : []),
    ...(conflicts.length > 0 ? [`Resolve:    ${printable(conflicts.join(' '))}`] : []),
    ...(isIdle ? [] : plan.next.map((command) => `Then:       ${command}`)),
    ...(conflicts.length > 0
      ? [`Or back:    ${branch === undefined ? ours('upgrade --abort') : `git branch -D ${branch}`}`]
      : []),
    ...(!isSame && applied && branch === undefined && conflicts.length === 0 ? [`Undo it:    ${ours('undo')}`] : []),
  ].join('\n');
}

/** `12 files that you deleted did not change in the template` */
function beforeText(files: number): string {
  return `${count(files, 'file')} that you deleted did not change in the template`;
}

/** What the team has to answer before anything can be merged. */
function questionsText(outcome: UpgradeOutcome): string {
  const { service, standard, questions, plan, branch, recovered } = outcome;
  return [
    `${service}: ${standard} wants answers first; nothing was merged.`,
    ...recovered.map((note) => `  ${printable(note)}`),
    ...questions.map((question) => `Answer:     ${questionText(question)}`),
    `On branch:  ${branch} (a commit that asks, without a change)`,
    ...plan.next.map((command) => `Then:       ${command}`),
  ].join('\n');
}

/** The summary for the body of a pull request or for a commit message, in Markdown. */
export function summaryMarkdown(outcome: UpgradeOutcome): string {
  const { files, plan, conflicts, attention, questions } = outcome;
  if (questions.length > 0) return questionsMarkdown(outcome);
  const { groups, deletedBefore } = listFiles(files);
  const list = groups.flatMap(({ outcome: name, files: number, lines }) => [
    `### ${name[0]?.toUpperCase()}${name.slice(1)} (${number})`,
    '',
    ...lines.map(({ path, note }) => `- \`${code(path)}\`${note ? `: ${code(note)}` : ''}`),
    '',
  ]);
  const todo = [
    ...(conflicts.length > 0
      ? [
          '**A person is needed**: resolve these, then run `npx create-twelve-service upgrade --continue`.',
          '',
          ...conflicts.map((path) => `- [ ] \`${code(path)}\`: ${conflictText(path)}`),
          '',
        ]
      : []),
    ...attention.flatMap((line) => [`- [ ] ${code(line)}`]),
    ...(attention.length > 0 ? [''] : []),
  ];
  return [
    titleOf(outcome),
    '',
    ...todo,
    ...list,
    ...(deletedBefore > 0 ? [`- ${beforeText(deletedBefore)}`] : []),
    ...plan.notes.map((note) => `- ${code(note)}`),
    ...plan.next
      .filter((command) => !command.startsWith('npx create-twelve-service '))
      .map((command) => `Then: \`${command}\``),
  ]
    .join('\n')
    .trimEnd();
}

/** What a person does about one path with a conflict. */
function conflictText(path: string): string {
  return path.includes(BESIDE) ? "take over what you want of the new version's, and delete it" : 'resolve the markers';
}

function questionsMarkdown(outcome: UpgradeOutcome): string {
  const { questions, plan } = outcome;
  return [
    titleOf(outcome),
    '',
    '**A person is needed**: the new version asks what only the team knows. Nothing was merged, and this branch changes no file.',
    '',
    ...questions.map((question) => `- [ ] ${code(questionText(question)).replace(/^\S+/, '`$&`')}`),
    '',
    'Either answer here, and push what comes out:',
    '',
    ...plan.next.map((command) => `    ${command}`),
    '',
    `Or write the answers into \`answers\` in \`.twelve.json\` on the main branch, e.g. \`"${questions[0]?.name}": "VALUE"\`. The next run takes them.`,
  ].join('\n');
}

/** Escapes an untrusted path or note for Markdown. */
function code(text: string): string {
  return printable(text).replaceAll('`', "'").replaceAll('<', '&lt;');
}

export function upgradeJson(outcome: UpgradeOutcome): object {
  const {
    target,
    service,
    versions,
    answers,
    standard,
    files,
    plan,
    conflicts,
    attention,
    questions,
    applied,
    branch,
    recovered,
  } = outcome;
  return {
    schema: JSON_SCHEMA_VERSION,
    ok: true,
    command: 'upgrade',
    // A branch has a commit, even one that changes no file.
    applied: applied && (plan.changes.length > 0 || branch !== undefined),
    target,
    service,
    versions,
    answers,
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
    questions,
    notes: [...recovered, ...plan.notes],
    next: plan.next,
    ...(branch === undefined ? {} : { branch }),
  };
}
