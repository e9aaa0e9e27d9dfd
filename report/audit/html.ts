import { type AuditResult, type Cluster, RULES, SERVICE_STATES } from '../../engine/core/audit/audit.ts';
import { type AuditSummary, summarise, type VersionCount } from '../../engine/core/audit/audit-summary.ts';
import { count } from '../../engine/core/count.ts';
import { htmlPage } from '../parts/html-page.ts';
import { barRow, escapeHtml, percent } from '../parts/html-parts.ts';
import { servicesSection } from './html-services.ts';
import { AUDIT_STYLE } from './html-style.ts';

/** Number of files in the chart of drift. */
const MAX_DRIFT = 14;

/** All services on one page; see {@link htmlPage}. */
export function auditHtml(result: AuditResult): string {
  const summary = summarise(result);
  return htmlPage({
    title: `Audit of ${count(summary.services, 'service')}, ${result.date}`,
    style: AUDIT_STYLE,
    body: `${header(result, summary)}
<main>
<div class="columns" style="margin-top:16px">${versionsSection(summary)}${driftSection(summary)}</div>
${rulesSection(summary)}
${clustersSection(result.clusters)}
${servicesSection(result)}
</main>
<footer>create-twelve-service ${escapeHtml(result.version)}, audit of ${escapeHtml(result.date)}. Nothing of any repository was executed.</footer>`,
  });
}

const TILE_NOTES = {
  current: 'on the standard of today',
  behind: 'an upgrade has something for them',
  findings: 'a person has something to do',
  unreadable: 'could not be audited',
} as const;

function header({ date }: AuditResult, { services, byState, findings, waived, filesBehind }: AuditSummary): string {
  const tiles = SERVICE_STATES.map(
    (state) =>
      `<div class="tile ${state}"><b>${byState[state]}</b>${state === 'findings' ? 'with findings' : state}<br><small class="soft">${TILE_NOTES[state]}</small></div>`,
  );
  const verdict =
    findings === 0
      ? 'Nothing for a person to do.'
      : `${count(findings, 'finding')} in ${count(byState.findings + byState.unreadable, 'service')} need a person.`;
  const parts = SERVICE_STATES.filter((state) => byState[state] > 0).map(
    (state) =>
      `<i class="${state}" style="width:${((100 * byState[state]) / Math.max(1, services)).toFixed(2)}%" title="${state}: ${byState[state]}"></i>`,
  );
  return `<header><h1>Audit of ${count(services, 'service')}</h1>
<p class="verdict">${verdict} <span class="soft">${percent(byState.current, services)} are current; ${count(filesBehind, 'file')} wait for an upgrade. ${escapeHtml(date)}</span></p>
<div class="tiles"><div class="tile"><b>${services}</b>services<br><small class="soft">audited</small></div>${tiles.join('')}<div class="tile"><b>${findings}</b>open findings<br><small class="soft">and ${waived} waived</small></div></div>
<div class="whole" role="img" aria-label="${SERVICE_STATES.map((state) => `${state} ${byState[state]}`).join(', ')}">${parts.join('')}</div></header>`;
}

function versionsSection({ versions }: AuditSummary): string {
  const most = Math.max(0, ...versions.map(({ services }) => services));
  const groups = new Map<string, VersionCount[]>();
  for (const one of versions) groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
  const rows = [...groups].flatMap(([name, list]) => [
    `<tr class="group"><th colspan="3" scope="rowgroup">${escapeHtml(name)}</th></tr>`,
    ...list.map(({ version, isCurrent, services }) =>
      barRow(
        `${escapeHtml(version)}${isCurrent ? ' <span class="soft">current</span>' : ''}`,
        [{ value: services, tone: isCurrent ? 'current' : 'behind', title: count(services, 'service') }],
        most,
        String(services),
      ),
    ),
  ]);
  return `<section><h2>Versions in use</h2><table class="bars">${rows.join('')}</table></section>`;
}

function driftSection({ drift }: AuditSummary): string {
  const shown = drift.slice(0, MAX_DRIFT);
  const most = Math.max(0, ...shown.map(({ edited, missing, extra }) => edited + missing + extra));
  const rows = shown
    .filter(({ edited, missing, extra }) => edited + missing + extra > 0)
    .map(({ path, edited, missing, extra }) =>
      barRow(
        `<code>${escapeHtml(path)}</code>`,
        [
          { value: edited, tone: 'edited', title: `edited in ${edited}` },
          { value: missing, tone: 'missing', title: `missing in ${missing}` },
          { value: extra, tone: 'extra', title: `extra in ${extra}` },
        ],
        most,
        String(edited + missing + extra),
      ),
    );
  const legend = ['edited', 'missing', 'extra'].map((what) => `<span><i class="${what}"></i>${what}</span>`).join('');
  const body =
    rows.length === 0 ? '<p class="soft">No file drifted.</p>' : `<table class="bars">${rows.join('')}</table>`;
  return `<section><h2>Drift by file, in services</h2><div class="legend">${legend}</div>${body}</section>`;
}

function rulesSection({ byRule }: AuditSummary): string {
  if (byRule.length === 0) return '';
  const most = Math.max(...byRule.map(([, findings]) => findings));
  const rows = byRule.map(([rule, findings]) =>
    barRow(
      `${RULES[rule]} <code class="soft">${rule}</code>`,
      [{ value: findings, tone: 'findings', title: count(findings, 'finding') }],
      most,
      String(findings),
    ),
  );
  return `<section class="rules"><h2>Findings by rule</h2><table class="bars">${rows.join('')}</table></section>`;
}

function clustersSection(clusters: readonly Cluster[]): string {
  if (clusters.length === 0) return '';
  const items = clusters.map(({ services, path, source, preset, patch, note }, index) => {
    const where = preset === undefined ? escapeHtml(source) : `${escapeHtml(source)} of ${escapeHtml(preset)}`;
    return `<details class="cluster"${index === 0 ? ' open' : ''}><summary><b>${services.length}</b> services made the same edit to <code>${escapeHtml(path)}</code></summary>
<p class="soft">As a patch of ${where}${note === undefined ? '' : ` (${escapeHtml(note)})`}:</p><pre>${colourPatch(patch)}</pre>
<ul class="names">${services.map((name) => `<li>${escapeHtml(name)}</li>`).join('')}</ul></details>`;
  });
  return `<section class="long"><h2>The same edit in many services</h2><p class="soft">What many teams changed alike may belong into the standard.</p>${items.join('')}</section>`;
}

function colourPatch(patch: string): string {
  const tag = (line: string, name: string) => `<${name}>${escapeHtml(line)}</${name}>`;
  return patch
    .trimEnd()
    .split('\n')
    .map((line) =>
      line.startsWith('+') ? tag(line, 'ins') : line.startsWith('-') ? tag(line, 'del') : escapeHtml(line),
    )
    .join('\n');
}
