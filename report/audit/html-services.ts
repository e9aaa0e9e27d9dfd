import { answerText } from '../../engine/core/audit/answer-columns.ts';
import {
  type AuditResult,
  type FileReport,
  type Lag,
  openFindings,
  SERVICE_STATES,
  type ServiceAudit,
} from '../../engine/core/audit/audit.ts';
import { type AuditSummary, stateOfService } from '../../engine/core/audit/audit-summary.ts';
import { printable } from '../../engine/core/errors.ts';
import { escapeHtml, linkHtml } from '../parts/html-parts.ts';
import { PageSpace } from '../parts/html-space.ts';
import { answerCell, answerColumns, type TableRow, tableSection } from '../parts/html-table.ts';
import { serviceLabel } from '../parts/service-label.ts';
import { effortText } from './wording.ts';

/** Entries that each list of details names, of all services together. So the page stays small. */
const MAX_ITEMS = 12_000;

/** The table of all services, the worst first. */
export function servicesSection({ services, columns }: AuditResult, summary: AuditSummary): string {
  const hasEffort = summary.effort !== undefined;
  const versions = [...new Set(summary.versions.map(({ name, version }) => `${name} ${version}`))];
  const answers = answerColumns(
    columns,
    services.map((service) => service.answers),
  );
  const most = Math.max(5, Math.min(60, Math.floor(MAX_ITEMS / Math.max(1, services.length))));
  const space = new PageSpace();
  const sorted = [...services].sort((a, b) => weight(b) - weight(a));
  return tableSection({
    title: 'Services',
    placeholder: 'Name, file, rule ...',
    columns: [
      { key: 'name', title: 'Service' },
      ...answers.columns,
      { key: 'order', title: 'State' },
      ...(hasEffort ? [{ key: 'effort', title: 'Upgrade' }] : []),
      { key: 'versions', title: 'Versions' },
      { key: 'behind', title: 'Behind', isNumber: true },
      { key: 'edited', title: 'Edited', isNumber: true },
      { key: 'missing', title: 'Missing', isNumber: true },
      { key: 'findings', title: 'Findings', isNumber: true },
    ],
    filters: [
      { key: 'state', label: 'state', options: SERVICE_STATES },
      ...(hasEffort ? [{ key: 'effort', label: 'upgrade', options: ['clean', 'conflict', 'unknown'] }] : []),
      ...answers.filters,
      { key: 'versions', label: 'version', options: versions },
    ],
    groups: [...answers.groups, ['state', 'state']],
    rows: sorted.map((service) => serviceRow(service, { columns, hasEffort, most, space })),
  });
}

/** The worst service has the largest number. */
function weight(service: ServiceAudit): number {
  const { effort, counts } = service;
  const state = SERVICE_STATES.indexOf(stateOfService(service));
  const conflicts = effort?.result === 'conflict' ? effort.conflicts.length : 0;
  return state * 1e9 + openFindings(service).length * 1e6 + conflicts * 1e3 + counts.behind + counts['conflict-ahead'];
}

function serviceRow(
  service: ServiceAudit,
  {
    columns,
    hasEffort,
    most,
    space,
  }: { columns: readonly string[]; hasEffort: boolean; most: number; space: PageSpace },
): TableRow {
  const { name, template, presets, counts, answers, effort, repository } = service;
  const state = stateOfService(service);
  const lags = [...(template ? [template] : []), ...presets];
  // A template that is current says nothing new where there is a preset.
  const shownLags = lags.filter(({ isCurrent }, at) => at > 0 || !isCurrent || lags.length === 1);
  const open = openFindings(service).length;
  const values = columns.map((column) => printable(answerText(answers, column)));
  const shownName = serviceLabel(service);
  const upgrade = effort ? `<span class="upgrade ${effort.result}">${effortText(effort)}</span>` : '';
  return {
    data: {
      state,
      order: `${SERVICE_STATES.indexOf(state)}`,
      versions: lags.map(({ name: what, recorded = 'none' }) => `${what} ${recorded}`).join('\n'),
      ...(hasEffort ? { effort: effort?.result ?? '' } : {}),
      ...Object.fromEntries(values.map((value, at) => [`a${at}`, value])),
    },
    cells: [
      escapeHtml(shownName),
      ...values.map(answerCell),
      `<span class="state ${state}">${state}</span>`,
      ...(hasEffort ? [upgrade] : []),
      `<span class="v">${shownLags.map(lagText).join(' ')}</span>`,
      `${counts.behind + counts['conflict-ahead']}`,
      `${counts.edited + counts['conflict-ahead']}`,
      `${counts.missing}`,
      `${open}`,
    ],
    beside: linkHtml(repository, `Repository of ${printable(name)}`),
    details: space.take(detailsOf(service, most)),
    isBad: open > 0,
  };
}

function lagText({ name, recorded = 'none', current = 'none', isCurrent }: Lag): string {
  const label = `${escapeHtml(name)} `;
  if (isCurrent) return `<span class="soft">${label}${escapeHtml(recorded)}</span>`;
  return `<span class="old">${label}${escapeHtml(recorded)} &rarr; ${escapeHtml(recorded === current ? `${current}, other files` : current)}</span>`;
}

function detailsOf({ findings, files, waivers, notes, must, unreadable, effort }: ServiceAudit, most: number): string {
  const parts: string[] = [];
  const list = (title: string, items: readonly string[], kind = '') => {
    const more = items.length > most ? `<li class="soft">and ${items.length - most} more</li>` : '';
    const shown = `${items.slice(0, most).join('')}${more}`;
    if (items.length > 0) parts.push(`<h3>${title}</h3><ul${kind === '' ? '' : ` class="${kind}"`}>${shown}</ul>`);
  };
  list(
    'Findings',
    findings.map(({ rule, message, waived }) => {
      const until = waived
        ? ` &mdash; waived until ${escapeHtml(waived.expires)} by ${escapeHtml(waived.owner)}: ${escapeHtml(waived.reason)}`
        : '';
      return `<li${waived ? ' class="waived"' : ''}><span class="rule">${rule}</span> ${escapeHtml(message)}${until}</li>`;
    }),
  );
  if (effort?.result === 'conflict')
    list(
      'Conflicts of its upgrade',
      effort.conflicts.map((path) => `<li><code>${escapeHtml(path)}</code></li>`),
      'files',
    );
  if (effort?.result === 'unknown') list('Its upgrade was not rehearsed', [`<li>${escapeHtml(effort.reason)}</li>`]);
  list('Files', files.map(fileItem), 'files');
  list(
    'Waivers',
    waivers.map(
      ({ rule, path = 'all files', owner, expires, reason, isExpired }) =>
        `<li>${escapeHtml(`${rule} for ${path}, ${isExpired ? 'expired on' : 'until'} ${expires}, ${owner}: ${reason}`)}</li>`,
    ),
  );
  list(
    'Notes',
    notes.map((note) => `<li>${escapeHtml(note)}</li>`),
  );
  // Raised rules get a line only if the service has other details too.
  if (parts.length > 0 && must.length > 0 && !unreadable)
    list('Contract rules that are MUST', [`<li>${escapeHtml(must.join(', '))}</li>`]);
  return parts.join('');
}

function fileItem({ path, owner, state, note }: FileReport): string {
  const about = [state, ...(owner === undefined ? [] : [owner]), ...(note === undefined ? [] : [note])].join(', ');
  return `<li><code>${escapeHtml(path)}</code> <span class="soft">${escapeHtml(about)}</span></li>`;
}
