import { resolve } from 'node:path';
import { EXIT_NEEDS_PERSON, UserError } from '../../engine/core/errors.ts';
import { splitAnswer } from '../../engine/core/split-answer.ts';
import { readServiceList } from '../../engine/io/service/service-list.ts';
import { folderTemplates } from '../../maintenance/rehearse/folder-templates.ts';
import { type RehearsedService, resultOf } from '../../maintenance/rehearse/result.ts';
import { rehearse } from '../../maintenance/rehearse/run.ts';
import { tally } from '../../maintenance/rehearse/tally.ts';
import { builtinTemplates } from '../../maintenance/upgrade/templates.ts';
import { rehearsalJson, rehearsalMarkdown, rehearsalText } from '../../report/rehearse.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { REHEARSE_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';

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
  const rehearsed = rehearse({
    services: chosen,
    cwd,
    templates: template === undefined ? builtinTemplates(DEFAULT_STACK) : folderTemplates(resolve(cwd, template)),
    trusted: flags.trust,
    answers: Object.fromEntries(set.map((text) => splitAnswer(text))),
    ...given({ preset }),
  });
  const services: RehearsedService[] = [];
  for await (const one of rehearsed) services.push(resultOf(one));
  const rehearsal = { services };
  const counts = tally(rehearsal);
  const print = { text: rehearsalText, markdown: rehearsalMarkdown, json: rehearsalJson }[format] ?? rehearsalText;
  output.data(print(rehearsal, counts));
  const { conflict, unreadable, 'answer missing': unanswered } = counts.results;
  return conflict + unreadable + unanswered > 0 ? EXIT_NEEDS_PERSON : 0;
}
