import { printable } from '../../engine/core/errors.ts';
import { count } from '../../engine/core/text/count.ts';
import { isForPerson, type Rehearsal } from '../../maintenance/rehearse/result.ts';
import type { Tally } from '../../maintenance/rehearse/tally.ts';
import { JSON_SCHEMA_VERSION } from '../parts/json.ts';
import { questionText } from '../parts/question.ts';
import { labelFromAnswers } from '../parts/service-label.ts';

/** `200 services: 171 clean, 22 conflict, 7 unreadable` */
function headline({ services }: Rehearsal, { results }: Tally): string {
  const counts = Object.entries(results).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  return `${count(services.length, 'service')}: ${counts.join(', ') || 'none'}`;
}

const MAX_LISTED = 10;

/** Numbers, the files with most conflicts, and the services that need a person. */
export function rehearsalText(rehearsal: Rehearsal, counts: Tally): string {
  const worst = counts.worst.slice(0, MAX_LISTED).map(({ path, conflicts, merged }) => {
    return `  ${String(conflicts).padStart(5)} ${(conflicts === 1 ? 'conflict' : 'conflicts').padEnd(9)} ${String(merged).padStart(5)} merged  ${printable(path)}`;
  });
  const services = rehearsal.services.flatMap((one): string[] => {
    if ('reason' in one)
      return one.result !== 'other preset' ? [`  ${printable(labelFromAnswers(one))}: ${printable(one.reason)}`] : [];
    const paths = one.files.filter(isForPerson).map(({ path }) => path);
    return paths.length > 0 ? [`  ${printable(labelFromAnswers(one))}: ${printable(paths.join(', '))}`] : [];
  });
  const open = counts.open.map(
    (question) => `  ${count(question.services, 'service').padStart(14)}  ${questionText(question)}`,
  );
  const [worstFile] = counts.worst;
  const isBad = worstFile && worstFile.conflicts > 0;
  return [
    `${headline(rehearsal, counts)}${isBad ? `; worst file ${printable(worstFile.path)}` : ''}`,
    ...(worst.length > 0 ? ['', 'By file:', ...worst] : []),
    ...(open.length > 0 ? ['', 'Answers are missing (--set NAME=VALUE, or a column of the list):', ...open] : []),
    ...(services.length > 0 ? ['', 'A person would be needed for:', ...services] : []),
    '',
    'Nothing was written.',
  ].join('\n');
}

export function rehearsalMarkdown(rehearsal: Rehearsal, counts: Tally): string {
  const cell = (text: string) => printable(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('`', "'");
  const rows = rehearsal.services.flatMap((one) => {
    if (one.result === 'clean' || one.result === 'unchanged' || one.result === 'other preset') return [];
    const why =
      'reason' in one
        ? (one.questions?.map(questionText).join('; ') ?? one.reason)
        : one.files
            .filter(isForPerson)
            .map(({ path }) => path)
            .join(', ');
    return [`| ${cell(labelFromAnswers(one))} | ${one.result} | ${cell(why)} |`];
  });
  return [
    `**${headline(rehearsal, counts)}**`,
    '',
    '| file | conflicts | merged |',
    '|---|---|---|',
    ...counts.worst.map(({ path, conflicts, merged }) => `| \`${cell(path)}\` | ${conflicts} | ${merged} |`),
    ...(rows.length > 0 ? ['', '| service | result | why |', '|---|---|---|', ...rows] : []),
  ].join('\n');
}

export function rehearsalJson({ services, columns }: Rehearsal, counts: Tally): string {
  return JSON.stringify({ schema: JSON_SCHEMA_VERSION, ok: true, command: 'rehearse', ...counts, columns, services });
}
