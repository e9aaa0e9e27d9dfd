import { printable } from '../../engine/core/errors.ts';
import type { FileOutcome, MergedFile } from '../../engine/core/merge/merged-file.ts';
import type { UpgradeOutcome } from './outcome.ts';

/** Sorted by importance for the reader. `unchanged` files are not listed. */
const OUTCOMES: readonly FileOutcome[] = [
  'conflict',
  'merged',
  'updated',
  'created',
  'moved',
  'removed',
  'deleted by you',
  'kept',
];

/** The files of each outcome, in this order. Outcomes without files are left out. */
export function byOutcome(files: readonly MergedFile[]): [FileOutcome, MergedFile[]][] {
  return OUTCOMES.flatMap((outcome): [FileOutcome, MergedFile[]][] => {
    const matching = files.filter((file) => file.outcome === outcome);
    return matching.length > 0 ? [[outcome, matching]] : [];
  });
}

/** The subject of a commit, e.g. `Upgrade @acme/service-preset to 2.0.0`. */
function titleOf({ versions }: Pick<UpgradeOutcome, 'versions'>): string {
  const all = versions.map(({ name, to }) => (to === undefined ? `${name} away` : `${name} to ${to}`));
  return all.length === 0 ? 'Change the answers of the service' : `Upgrade ${all.join(', ')}`;
}

/** The summary for the body of a pull request or for a commit message. */
export function summaryMarkdown(outcome: UpgradeOutcome): string {
  const { files, plan, conflicts, attention } = outcome;
  const groups = byOutcome(files);
  const list = groups.flatMap(([name, matching]) => [
    `### ${name[0]?.toUpperCase()}${name.slice(1)} (${matching.length})`,
    '',
    ...matching.map(({ path, note }) => `- \`${code(path)}\`${note ? `: ${code(note)}` : ''}`),
    '',
  ]);
  const todo = [
    ...(conflicts.length > 0
      ? ['**A person is needed**: resolve the markers, then run `npx create-twelve-service upgrade --continue`.', '']
      : []),
    ...attention.flatMap((line) => [`- [ ] ${code(line)}`]),
    ...(attention.length > 0 ? [''] : []),
  ];
  return [
    titleOf(outcome),
    '',
    ...todo,
    ...(groups.length === 0 ? ['Nothing to do.', ''] : list),
    ...plan.notes.map((note) => `- ${code(note)}`),
    ...plan.next
      .filter((command) => !command.startsWith('npx create-twelve-service '))
      .map((command) => `Then: \`${command}\``),
  ]
    .join('\n')
    .trimEnd();
}

/** Escapes an untrusted path or note for Markdown. */
function code(text: string): string {
  return printable(text).replaceAll('`', "'").replaceAll('<', '&lt;');
}
