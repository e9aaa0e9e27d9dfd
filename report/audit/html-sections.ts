import { type Cluster, RULES, type Trend } from '../../engine/core/audit/audit.ts';
import type { AuditSummary, VersionCount } from '../../engine/core/audit/audit-summary.ts';
import { count } from '../../engine/core/text/count.ts';
import { barRow, escapeHtml, namesHtml, patchHtml } from '../parts/html-parts.ts';
import { MAX_EXAMPLES, PageSpace } from '../parts/html-space.ts';

/** Number of rows in a chart. */
const MAX_BARS = 14;
/** Number of services or findings that a list names. The JSON report has all. */
const MAX_NAMED = 60;
/** Number of edits that are shown with their patch. The others are in the JSON report. */
const MAX_CLUSTERS = 25;

export function versionsSection({ versions }: AuditSummary): string {
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

export function driftSection({ drift }: AuditSummary): string {
  const shown = drift.slice(0, MAX_BARS);
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

export function rulesSection({ byRule }: AuditSummary): string {
  const most = Math.max(0, ...byRule.map(([, findings]) => findings));
  const rows = byRule.map(([rule, findings]) =>
    barRow(
      `${RULES[rule]} <code class="soft">${rule}</code>`,
      [{ value: findings, tone: 'findings', title: count(findings, 'finding') }],
      most,
      String(findings),
    ),
  );
  const body =
    rows.length === 0 ? '<p class="soft">No open finding.</p>' : `<table class="bars">${rows.join('')}</table>`;
  return `<section class="rules"><h2>Findings by rule</h2>${body}</section>`;
}

export function clustersSection(clusters: readonly Cluster[]): string {
  if (clusters.length === 0) return '';
  const space = new PageSpace(MAX_EXAMPLES);
  const items = clusters.slice(0, MAX_CLUSTERS).map(({ services, path, source, preset, patch, note }, index) => {
    const where = preset === undefined ? escapeHtml(source) : `${escapeHtml(source)} of ${escapeHtml(preset)}`;
    return `<details class="cluster" id="edit-${index}"${index === 0 ? ' open' : ''}><summary><b>${services.length}</b> services made the same edit to <code>${escapeHtml(path)}</code></summary>
<p class="soft">As a patch of ${where}${note === undefined ? '' : ` (${escapeHtml(note)})`}:</p>${space.take(patchHtml(patch))}
${namesHtml('Its services', services, MAX_NAMED)}</details>`;
  });
  const more =
    clusters.length > MAX_CLUSTERS
      ? `<p class="soft">and ${count(clusters.length - MAX_CLUSTERS, 'more edit')} of fewer services; --format json has all</p>`
      : '';
  return `<section class="long"><h2>The same edit in many services</h2><p class="soft">What many teams changed alike may belong into the standard.</p>${items.join('')}${more}</section>`;
}

export function trendSection(trend: Trend | undefined): string {
  if (!trend) return '';
  const findings = (list: Trend['newFindings']) => list.map(({ service, message }) => `${service}: ${message}`);
  const lists: readonly (readonly [title: string, names: readonly string[]])[] = [
    ['services are better', trend.better],
    ['services are worse', trend.worse],
    ['services appeared', trend.appeared],
    ['services disappeared', trend.disappeared],
    ['new findings', findings(trend.newFindings)],
    ['findings are open no more, solved or waived', findings(trend.resolvedFindings)],
  ];
  const items = lists.map(([title, names]) => namesHtml(`${names.length} ${title}`, names, MAX_NAMED)).join('');
  return `<section><h2>Since ${escapeHtml(trend.since)}</h2>${items === '' ? '<p class="soft">Nothing changed.</p>' : items}</section>`;
}
