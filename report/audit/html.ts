import { type AuditResult, SERVICE_STATES, type ServiceState } from '../../engine/core/audit/audit.ts';
import { type AuditSummary, summarise } from '../../engine/core/audit/audit-summary.ts';
import { count } from '../../engine/core/text/count.ts';
import { groupsHtml } from '../parts/html-groups.ts';
import { htmlPage } from '../parts/html-page.ts';
import { escapeHtml, percent } from '../parts/html-parts.ts';
import { clustersSection, driftSection, rulesSection, trendSection, versionsSection } from './html-sections.ts';
import { servicesSection } from './html-services.ts';
import { AUDIT_STYLE } from './html-style.ts';
import { nextSteps } from './next-steps.ts';
import { trendLine } from './wording.ts';

/** All services on one page; see {@link htmlPage}. What to decide comes first, then the table, then the reasons. */
export function auditHtml(result: AuditResult): string {
  const summary = summarise(result);
  return htmlPage({
    title: `Audit of ${count(summary.services, 'service')}, ${result.date}`,
    style: AUDIT_STYLE,
    body: `${header(result, summary)}
<main>
<div class="columns first">${stepsSection(result, summary)}${progressSection(summary)}</div>
${servicesSection(result, summary)}
${trendSection(result.trend)}
${clustersSection(result.clusters)}
<div class="columns">${rulesSection(summary)}${driftSection(summary)}</div>
${summary.groups ? versionsSection(summary) : ''}
</main>
<footer>create-twelve-service ${escapeHtml(result.version)}, audit of ${escapeHtml(result.date)}. Nothing of any repository was executed.</footer>`,
  });
}

const TITLES: Readonly<Record<ServiceState, string>> = {
  current: 'current',
  behind: 'behind',
  findings: 'with findings',
  unreadable: 'unreadable',
};

function header({ date, trend }: AuditResult, summary: AuditSummary): string {
  const { services, byState, people, findings, waived, filesBehind, effort } = summary;
  const notes: Readonly<Record<ServiceState, string>> = {
    current: `${percent(byState.current, services)} of all`,
    behind: `${count(filesBehind, 'file')} behind`,
    findings: `${count(findings, 'finding')}, ${waived} waived`,
    unreadable: 'could not be audited',
  };
  const tiles = SERVICE_STATES.map((state) => {
    const change = trend ? `<span class="change">${signed(byState[state] - trend.before.byState[state])}</span>` : '';
    return `<button type="button" class="tile set ${state}" data-set="state" data-value="${state}"><b>${byState[state]}${change}</b>${TITLES[state]} <small class="soft">${notes[state]}</small></button>`;
  });
  const verdict =
    people === 0
      ? 'Nothing for a person to do.'
      : `${people} of ${count(services, 'service')} ${people === 1 ? 'needs' : 'need'} a person.`;
  const upgrades = effort
    ? `Of the upgrades, ${effort.clean} are clean and ${effort.conflict} would have conflicts${effort.unknown > 0 ? `; ${effort.unknown} could not be rehearsed` : ''}.`
    : '';
  const parts = SERVICE_STATES.filter((state) => byState[state] > 0).map(
    (state) =>
      `<i class="${state}" style="width:${((100 * byState[state]) / Math.max(1, services)).toFixed(2)}%" title="${state}: ${byState[state]}"></i>`,
  );
  const since = trend ? `<p class="since">${escapeHtml(capital(trendLine(trend)))}.</p>` : '';
  return `<header><h1>Audit of ${count(services, 'service')} <small class="soft">${escapeHtml(date)}</small></h1>
<p class="verdict">${verdict} <span class="soft">${upgrades}</span></p>${since}
<div class="tiles">${tiles.join('')}</div>
<div class="whole" role="img" aria-label="${SERVICE_STATES.map((state) => `${state} ${byState[state]}`).join(', ')}">${parts.join('')}</div></header>`;
}

function stepsSection(result: AuditResult, summary: AuditSummary): string {
  const steps = nextSteps(result, summary).map(({ number, text, filter, cluster }) => {
    const what = escapeHtml(text);
    const body = filter
      ? `<button type="button" class="set" data-set="${filter.key}" data-value="${filter.value}">${what}</button>`
      : `<a href="#edit-${cluster}">${what}</a>`;
    return `<li><b>${number}</b><span>${body}</span></li>`;
  });
  const list = steps.length === 0 ? '<p class="soft">Nothing.</p>' : `<ul class="steps">${steps.join('')}</ul>`;
  return `<section><h2>What to do next</h2>${list}</section>`;
}

function progressSection(summary: AuditSummary): string {
  if (!summary.groups) return versionsSection(summary);
  return groupsHtml({ ...summary.groups, states: SERVICE_STATES, goal: 'current' });
}

function signed(number: number): string {
  return number === 0 ? '±0' : number > 0 ? `+${number}` : `−${-number}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
