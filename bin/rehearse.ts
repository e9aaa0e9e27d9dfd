import { resolve } from 'node:path';
import { count } from '../engine/core/count.ts';
import { EXIT_NEEDS_PERSON, printable, UserError } from '../engine/core/errors.ts';
import { readServiceList } from '../engine/io/service/service-list.ts';
import { folderTemplates } from '../maintenance/rehearse/folder-templates.ts';
import { type Rehearsal, rehearse } from '../maintenance/rehearse/run.ts';
import { type Tally, tally } from '../maintenance/rehearse/tally.ts';
import { builtinTemplates } from '../maintenance/upgrade/templates.ts';
import { splitAnswer } from '../maintenance/upgrade/wanted.ts';
import { JSON_SCHEMA_VERSION } from '../report/outcome.ts';
import { DEFAULT_STACK } from '../stacks/index.ts';
import type { Invocation } from './verb-arguments.ts';
import type { VerbContext } from './verb-context.ts';

/** `rehearse --preset ./next --fleet list`: nothing is written, whatever comes out. */
export async function runRehearsal({ flags, format, positionals }: Invocation, context: VerbContext): Promise<number> {
  const { cwd, output } = context;
  const { preset, template, set } = flags;
  if (preset === undefined && template === undefined && set === undefined)
    throw new UserError(
      'INPUT_MISSING',
      'what shall be rehearsed?',
      'Name a preset with --preset ./next, a template folder with --template, or answers with --set.',
    );
  const named = positionals.map((name) => ({ name, base: cwd }));
  const listed = typeof flags.from === 'string' ? readServiceList(flags.from, cwd) : [];
  const services = named.length + listed.length > 0 ? [...named, ...listed] : [{ name: '.', base: cwd }];
  const rehearsal = await rehearse({
    services,
    cwd,
    templates: typeof template === 'string' ? folderTemplates(resolve(cwd, template)) : builtinTemplates(DEFAULT_STACK),
    answers: Object.fromEntries(Array.isArray(set) ? set.map((text) => splitAnswer(text)) : []),
    ...(typeof preset === 'string' ? { preset } : {}),
  });
  const counts = tally(rehearsal);
  const print = { text: rehearsalText, markdown: rehearsalMarkdown, json: rehearsalJson }[format] ?? rehearsalText;
  output.data(print(rehearsal, counts));
  return counts.results.conflict + counts.results.unreadable > 0 ? EXIT_NEEDS_PERSON : 0;
}

/** `200 services: 171 clean, 22 conflict, 7 unreadable` */
function headline({ services }: Rehearsal, { results }: Tally): string {
  const counts = Object.entries(results).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  return `${count(services.length, 'service')}: ${counts.join(', ') || 'none'}`;
}

const MAX_LISTED = 10;

function rehearsalText(rehearsal: Rehearsal, counts: Tally): string {
  const worst = counts.worst.slice(0, MAX_LISTED).map(({ path, conflicts, merged }) => {
    return `  ${String(conflicts).padStart(5)} ${(conflicts === 1 ? 'conflict' : 'conflicts').padEnd(9)} ${String(merged).padStart(5)} merged  ${printable(path)}`;
  });
  const services = rehearsal.services.flatMap((one): string[] => {
    if ('reason' in one)
      return one.result === 'unreadable' ? [`  ${printable(one.service)}: ${printable(one.reason)}`] : [];
    const paths = one.files.filter(({ outcome }) => outcome === 'conflict').map(({ path }) => path);
    return paths.length > 0 ? [`  ${printable(one.service)}: ${printable(paths.join(', '))}`] : [];
  });
  const [worstFile] = counts.worst;
  const isBad = worstFile && worstFile.conflicts > 0;
  return [
    `${headline(rehearsal, counts)}${isBad ? `; worst file ${printable(worstFile.path)}` : ''}`,
    ...(worst.length > 0 ? ['', 'By file:', ...worst] : []),
    ...(services.length > 0 ? ['', 'A person would be needed for:', ...services] : []),
    '',
    'Nothing was written.',
  ].join('\n');
}

function rehearsalMarkdown(rehearsal: Rehearsal, counts: Tally): string {
  const cell = (text: string) => printable(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('`', "'");
  const rows = rehearsal.services.flatMap((one) => {
    if (one.result === 'clean' || one.result === 'unchanged' || one.result === 'other preset') return [];
    const why =
      'reason' in one
        ? one.reason
        : one.files
            .filter(({ outcome }) => outcome === 'conflict')
            .map(({ path }) => path)
            .join(', ');
    return [`| ${cell(one.service)} | ${one.result} | ${cell(why)} |`];
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

function rehearsalJson({ services }: Rehearsal, counts: Tally): string {
  const listed = services.map((one) =>
    'files' in one
      ? {
          ...one,
          files: one.files.flatMap(({ path, outcome, note }) =>
            outcome === 'unchanged' ? [] : [{ path, outcome, ...(note ? { note } : {}) }],
          ),
        }
      : one,
  );
  return JSON.stringify({ schema: JSON_SCHEMA_VERSION, ok: true, command: 'rehearse', ...counts, services: listed });
}
