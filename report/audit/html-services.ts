import {
  type AuditResult,
  type FileReport,
  type Lag,
  openFindings,
  SERVICE_STATES,
  type ServiceAudit,
} from '../../engine/core/audit/audit.ts';
import { stateOfService, summarise } from '../../engine/core/audit/audit-summary.ts';
import { count } from '../../engine/core/count.ts';
import { escapeHtml } from '../parts/html-parts.ts';

/** Number of files of one service that are named. The others are counted. */
const MAX_FILES = 60;

const COLUMNS: readonly (readonly [key: string, title: string, kind: string])[] = [
  ['name', 'Service', ''],
  ['order', 'State', ''],
  ['versions', 'Versions', ''],
  ['behind', 'Behind', 'n'],
  ['edited', 'Edited', 'n'],
  ['missing', 'Missing', 'n'],
  ['findings', 'Findings', 'n'],
  ['waived', 'Waived', 'n'],
];

/** The table of all services, with filters that need the script. */
export function servicesSection(result: AuditResult): string {
  const { versions } = summarise(result);
  const heads = COLUMNS.map(
    ([key, title, kind]) =>
      `<th scope="col" data-key="${key}"${kind === '' ? '' : ` class="${kind}"`}><button type="button">${title}</button></th>`,
  );
  const versionOptions = [...new Set(versions.map(({ name, version }) => `${name} ${version}`))];
  return `<section class="long"><h2>Services</h2>
<div class="filters"><input type="search" placeholder="Name, file, rule ..." aria-label="Filter services">
<select data-key="state" aria-label="State"><option value="">Any state</option>${SERVICE_STATES.map((state) => `<option>${state}</option>`).join('')}</select>
<select data-key="versions" aria-label="Version"><option value="">Any version</option>${versionOptions.map((text) => `<option>${escapeHtml(text)}</option>`).join('')}</select>
<span id="shown" class="soft" role="status"></span></div>
<table class="rows"><thead><tr>${heads.join('')}</tr></thead>
${result.services.map(serviceRows).join('\n')}
</table></section>`;
}

function serviceRows(service: ServiceAudit): string {
  const { folder, name, template, presets, counts } = service;
  const state = stateOfService(service);
  const lags = [...(template ? [template] : []), ...presets];
  const behind = counts.behind + counts['conflict-ahead'];
  const edited = counts.edited + counts['conflict-ahead'];
  const open = openFindings(service).length;
  const waived = service.findings.length - open;
  const details = detailsOf(service);
  const data = {
    state,
    name: folder,
    order: `${SERVICE_STATES.indexOf(state)}`,
    versions: lags.map(({ name: what, recorded = 'none' }) => `${what} ${recorded}`).join('\n'),
    behind,
    edited,
    missing: counts.missing,
    findings: open,
    waived,
  };
  const attributes = Object.entries(data).map(([key, value]) => `data-${key}="${escapeHtml(String(value))}"`);
  const number = (label: string, value: number) =>
    `<td class="n${value === 0 ? ' zero' : ''}" data-label="${label}">${value}</td>`;
  const classes = [...(details === '' ? [] : ['has']), ...(open > 0 ? ['bad'] : [])].join(' ');
  const shownName = folder === '.' ? name : folder;
  return `<tbody class="${classes}" ${attributes.join(' ')}><tr><td><button type="button" class="open-row"${details === '' ? '' : ' aria-expanded="false"'}>${escapeHtml(shownName)}</button></td><td><span class="state ${state}">${state}</span></td><td class="v">${lags.map(lagText).join(' ')}</td>${number('behind', behind)}${number('edited', edited)}${number('missing', counts.missing)}${number('findings', open)}${number('waived', waived)}</tr>${details === '' ? '' : `<tr class="more"><td colspan="${COLUMNS.length}">${details}</td></tr>`}</tbody>`;
}

function lagText({ name, recorded = 'none', current = 'none', isCurrent }: Lag): string {
  const label = `${escapeHtml(name)} `;
  if (isCurrent) return `<span class="soft">${label}${escapeHtml(recorded)}</span>`;
  return `<span class="old">${label}${escapeHtml(recorded)} &rarr; ${escapeHtml(recorded === current ? `${current}, other files` : current)}</span>`;
}

function detailsOf({ findings, files, waivers, notes, must, unreadable }: ServiceAudit): string {
  const parts: string[] = [];
  const list = (title: string, items: readonly string[], kind = '') => {
    if (items.length > 0) parts.push(`<h3>${title}</h3><ul class="${kind}">${items.join('')}</ul>`);
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
  list('Files', [...files.slice(0, MAX_FILES).map(fileItem), ...moreItem(files.length)], 'files');
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

function moreItem(files: number): string[] {
  return files > MAX_FILES ? [`<li class="soft">and ${count(files - MAX_FILES, 'more file')}</li>`] : [];
}
