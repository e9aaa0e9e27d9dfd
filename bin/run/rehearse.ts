import { resolve } from 'node:path';
import { chooseColumns, refuseUnknownAnswer } from '../../engine/core/audit/answer-columns.ts';
import { answersInLink, parseLink } from '../../engine/core/audit/repository-link.ts';
import { EXIT_NEEDS_PERSON, UserError } from '../../engine/core/errors.ts';
import { answerText, unknownReason } from '../../engine/core/text/answer-text.ts';
import { splitAnswer } from '../../engine/core/text/split-answer.ts';
import { readServiceList } from '../../engine/io/service/service-list.ts';
import { folderTemplates } from '../../maintenance/rehearse/folder-templates.ts';
import { type RehearsedService, resultOf } from '../../maintenance/rehearse/result.ts';
import { rehearse } from '../../maintenance/rehearse/run.ts';
import { tally } from '../../maintenance/rehearse/tally.ts';
import { builtinTemplates } from '../../maintenance/upgrade/templates.ts';
import { DiffCollector } from '../../report/rehearse/diffs.ts';
import { rehearsalHtml } from '../../report/rehearse/html.ts';
import { rehearsalJson, rehearsalMarkdown, rehearsalText } from '../../report/rehearse/text.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { REHEARSE_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';
import { readColumns } from './audit.ts';

/** `rehearse --preset ./next --fleet list`: nothing is written, whatever comes out. */
export async function runRehearsal(
  { flags, format, positionals }: Invocation<typeof REHEARSE_OPTIONS>,
  { cwd, output }: RunContext,
): Promise<number> {
  const { preset, template, set, from } = flags;
  if (preset === undefined && template === undefined && set.length === 0)
    throw new UserError(
      'INPUT_MISSING',
      'nothing to rehearse was named',
      'Name a preset with --preset ./next, a template folder with --template, or answers with --set.',
    );
  const named = positionals.map((name) => ({ name, base: cwd }));
  const listed = from === undefined ? [] : readServiceList(from, cwd);
  const chosen = named.length + listed.length > 0 ? [...named, ...listed] : [{ name: '.', base: cwd }];
  const [asked, known] = [new Set<string>(), new Set<string>()];
  const answers = Object.fromEntries(set.map((text) => splitAnswer(text)));
  const link = flags.link === undefined ? undefined : parseLink(flags.link);
  const wanted = readColumns(flags.columns);
  const rehearsed = rehearse({
    services: chosen,
    cwd,
    templates: template === undefined ? builtinTemplates(DEFAULT_STACK) : folderTemplates(resolve(cwd, template)),
    trusted: flags.trust,
    asked,
    known,
    answers,
    ...given({ preset }),
  });
  const services: RehearsedService[] = [];
  const diffs = format === 'html' ? new DiffCollector() : undefined;
  for await (const one of rehearsed) services.push(resultOf(one, given({ link, patches: await diffs?.of(one) })));
  refuseUnknown(Object.keys(answers), known);
  const readable = services.filter(({ answers }) => Object.keys(answers).length > 0);
  const all = readable.map((service) => service.answers);
  if (flags.link !== undefined) refuseUnknownAnswer(all, answersInLink(flags.link), '--link');
  const columns = chooseColumns(all, [...asked], wanted);
  const rehearsal = { columns, services };
  const counts = tally(rehearsal);
  const formats = { text: rehearsalText, markdown: rehearsalMarkdown, json: rehearsalJson, html: rehearsalHtml };
  const print = formats[format as keyof typeof formats];
  output.data(print(rehearsal, counts));
  const { conflict, unreadable, 'answer missing': unanswered, 'answer wrong': wrong } = counts.results;
  return conflict + unreadable + unanswered + wrong > 0 ? EXIT_NEEDS_PERSON : 0;
}

/** An answer of `--set` that no service of the list may give is a slip of the person, and not of the services. */
function refuseUnknown(names: readonly string[], known: ReadonlySet<string>): void {
  const unknown = known.size === 0 ? undefined : names.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new UserError(
    'INPUT_INVALID',
    `--set: ${answerText(unknown)} ${unknownReason(unknown, [...known])}`,
    'Name a question that the services have.',
  );
}
