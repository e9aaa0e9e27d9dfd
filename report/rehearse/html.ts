import { answerText, groupByAnswer } from '../../engine/core/audit/answer-columns.ts';
import { printable } from '../../engine/core/errors.ts';
import { count } from '../../engine/core/text/count.ts';
import { isForPerson, type Rehearsal, type RehearsedService } from '../../maintenance/rehearse/result.ts';
import type { Tally } from '../../maintenance/rehearse/tally.ts';
import { classOf, groupsHtml } from '../parts/html-groups.ts';
import { htmlPage } from '../parts/html-page.ts';
import { escapeHtml, linkHtml, patchHtml } from '../parts/html-parts.ts';
import { PageSpace } from '../parts/html-space.ts';
import { answerCell, answerColumns, type TableRow, tableSection } from '../parts/html-table.ts';
import { questionText } from '../parts/question.ts';
import { labelFromAnswers } from '../parts/service-label.ts';
import { filesSection } from './html-files.ts';
import { REHEARSE_STYLE } from './html-style.ts';

/** Files that a service's details name. */
const MAX_FILES = 30;

/** A rehearsal on one page; see {@link htmlPage}. Services that need a person come first, with their diffs. */
export function rehearsalHtml(rehearsal: Rehearsal, counts: Tally): string {
  const { services, columns } = rehearsal;
  const states = Object.keys(counts.results);
  const [by] = columns;
  const groups =
    by === undefined
      ? ''
      : groupsHtml({
          by,
          values: groupByAnswer(
            services.map(({ answers, result }) => [answerText(answers, by), result] as const),
            states,
          ),
          states,
          goal: 'clean',
        });
  return htmlPage({
    title: `Rehearsal of ${count(services.length, 'service')}`,
    style: REHEARSE_STYLE,
    body: `${header(rehearsal, counts)}
<main>
<div class="columns first">${stepsSection(rehearsal, counts)}${groups}</div>
${servicesSection(rehearsal, states)}
${filesSection(services)}
</main>
<footer>Nothing was written, and nothing of any repository was executed.</footer>`,
  });
}

function header({ services }: Rehearsal, { results }: Tally): string {
  const shown = Object.entries(results).filter(([result, number]) => number > 0 || result === 'conflict');
  const tiles = shown.map(
    ([result, number]) =>
      `<button type="button" class="tile set ${classOf(result)}" data-set="state" data-value="${escapeHtml(result)}"><b>${number}</b>${escapeHtml(result)}</button>`,
  );
  const parts = shown.map(
    ([result, number]) =>
      `<i class="${classOf(result)}" style="width:${((100 * number) / Math.max(1, services.length)).toFixed(2)}%" title="${escapeHtml(`${result}: ${number}`)}"></i>`,
  );
  const people = services.filter(needsPerson).length;
  const verdict =
    people === 0
      ? 'No service needs a person.'
      : `${people} of ${count(services.length, 'service')} ${people === 1 ? 'needs' : 'need'} a person.`;
  return `<header><h1>Rehearsal of ${count(services.length, 'service')}</h1>
<p class="verdict">${verdict} <span class="soft">Nothing was written.</span></p>
<div class="tiles">${tiles.join('')}</div>
<div class="whole" role="img" aria-label="${escapeHtml(shown.map(([result, number]) => `${result} ${number}`).join(', '))}">${parts.join('')}</div></header>`;
}

/** As the exit code has it. */
function needsPerson({ result }: RehearsedService): boolean {
  return result !== 'clean' && result !== 'unchanged' && result !== 'other preset';
}

/** Reasons and files that are named on the first screen. */
const MAX_STEPS = 5;

/** The questions without an answer, the files with most conflicts, and why services could not be read. */
function stepsSection({ services }: Rehearsal, { open, worst }: Tally): string {
  const reasons = new Map<string, number>();
  for (const one of services)
    if (one.result === 'unreadable' || one.result === 'answer wrong')
      reasons.set(one.reason, (reasons.get(one.reason) ?? 0) + 1);
  const steps = [
    ...open.map((question) => [question.services, `no answer to ${questionText(question)}`] as const),
    ...worst
      .filter(({ conflicts }) => conflicts > 0)
      .slice(0, MAX_STEPS)
      .map(
        ({ path, conflicts, merged }) =>
          [conflicts, `a conflict in ${path}${merged === 0 ? '' : `; ${merged} merge it`}`] as const,
      ),
    ...[...reasons]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MAX_STEPS)
      .map(([reason, number]) => [number, `not rehearsed: ${reason}`] as const),
  ];
  const items = steps.map(
    ([number, text]) =>
      `<li><b>${number}</b><span>${number === 1 ? 'service' : 'services'}: ${escapeHtml(text)}</span></li>`,
  );
  const list =
    items.length === 0
      ? '<p class="soft">No conflict, no open question.</p>'
      : `<ul class="steps">${items.join('')}</ul>`;
  return `<section><h2>What a person would have to do</h2>${list}</section>`;
}

/** The worst result first. */
const RANKS: readonly string[] = [
  'unchanged',
  'other preset',
  'clean',
  'answer missing',
  'answer wrong',
  'unreadable',
  'conflict',
];

function servicesSection({ services, columns }: Rehearsal, states: readonly string[]): string {
  const answers = answerColumns(
    columns,
    services.map((service) => service.answers),
  );
  const space = new PageSpace();
  const weight = (service: RehearsedService) =>
    RANKS.indexOf(service.result) * 1000 + ('files' in service ? service.files.filter(isForPerson).length : 0);
  const sorted = [...services].sort((a, b) => weight(b) - weight(a));
  return tableSection({
    title: 'Services',
    placeholder: 'Name, file, reason ...',
    columns: [
      { key: 'name', title: 'Service' },
      ...answers.columns,
      { key: 'order', title: 'Result' },
      { key: 'why', title: 'Why' },
      { key: 'conflicts', title: 'Conflicts', isNumber: true },
      { key: 'changed', title: 'Changed', isNumber: true },
    ],
    filters: [{ key: 'state', label: 'result', options: states }, ...answers.filters],
    groups: [...answers.groups, ['state', 'result']],
    rows: sorted.map((service) => serviceRow(service, columns, space)),
  });
}

/** Outcomes that an upgrade would not write. */
const KEPT: readonly string[] = ['kept', 'deleted by you'];

function serviceRow(service: RehearsedService, columns: readonly string[], space: PageSpace): TableRow {
  const { result, answers, repository } = service;
  const folder = labelFromAnswers(service);
  const values = columns.map((column) => printable(answerText(answers, column)));
  const files = 'files' in service ? service.files : [];
  const people = files.filter(isForPerson);
  const why = 'reason' in service ? service.reason : people.map(({ path }) => path).join(', ');
  return {
    data: {
      state: result,
      order: `${RANKS.indexOf(result)}`,
      ...Object.fromEntries(values.map((value, at) => [`a${at}`, value])),
    },
    cells: [
      escapeHtml(folder),
      ...values.map(answerCell),
      `<span class="state ${classOf(result)}">${escapeHtml(result)}</span>`,
      `<span class="v">${escapeHtml(why.length > 160 ? `${why.slice(0, 160)}...` : why)}</span>`,
      `${people.length}`,
      `${files.filter(({ outcome }) => !KEPT.includes(outcome)).length}`,
    ],
    beside: linkHtml(repository, `Repository of ${printable(folder)}`),
    details: space.take(detailsOf(service)),
    isBad: result === 'conflict',
  };
}

/** Diffs of what a person has to look at, and the names of the other files. */
function detailsOf(service: RehearsedService): string {
  if (!('files' in service)) return `<p>${escapeHtml(service.reason)}</p>`;
  const diffs = service.files.filter(isForPerson).map(({ path, note = '', attention, patch }) => {
    const about = [note, ...(attention === undefined ? [] : [attention])].filter((text) => text !== '').join('; ');
    const shown = patch === undefined ? '<p class="soft">Its diff was left out.</p>' : patchHtml(patch);
    return `<details class="diff" open><summary><code>${escapeHtml(path)}</code> <span class="soft">${escapeHtml(about)}</span></summary>${shown}</details>`;
  });
  const others = service.files.filter((file) => !isForPerson(file));
  const items = others
    .slice(0, MAX_FILES)
    .map(
      ({ path, outcome }) =>
        `<li><code>${escapeHtml(path)}</code> <span class="soft">${escapeHtml(outcome)}</span></li>`,
    );
  const more = others.length > MAX_FILES ? `<li class="soft">and ${others.length - MAX_FILES} more</li>` : '';
  const list = items.length === 0 ? '' : `<h3>Other files</h3><ul class="files">${items.join('')}${more}</ul>`;
  return `${diffs.join('')}${list}`;
}
