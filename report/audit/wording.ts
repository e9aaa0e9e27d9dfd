import type { AuditResult, Effort, EffortCounts, Trend } from '../../engine/core/audit/audit.ts';
import { type AuditSummary, summarise } from '../../engine/core/audit/audit-summary.ts';
import { count } from '../../engine/core/text/count.ts';

/** `clean`, or `conflict (3 files)`. */
export function effortText(effort: Effort): string {
  if (effort.result === 'conflict') return `conflict (${count(effort.conflicts.length, 'file')})`;
  return effort.result;
}

/** All services in a few lines: states, findings, effort and trend as far as they are known. */
export function totalLines(result: AuditResult): string[] {
  const summary = summarise(result);
  return [
    ...stateLines(summary),
    ...(summary.effort ? [effortLine(summary.effort)] : []),
    ...(result.trend ? [trendLine(result.trend)] : []),
  ];
}

function stateLines({ services, byState, findings, waived, byRule, filesBehind }: AuditSummary): string[] {
  const states = [
    `${byState.current} current`,
    `${byState.behind} behind`,
    `${byState.findings} with findings`,
    `${byState.unreadable} unreadable`,
  ];
  const rules = byRule.map(([rule, count]) => `${rule} ${count}`).join(', ');
  return [
    `${count(services, 'service')}: ${states.join(', ')}; ${count(filesBehind, 'file')} behind`,
    `${count(findings, 'finding')}${rules === '' ? '' : ` (${rules})`}, ${waived} waived`,
  ];
}

/** `upgrades: 81 clean, 14 with conflicts` */
function effortLine({ clean, conflict, unknown }: EffortCounts): string {
  const rest = unknown > 0 ? `, ${unknown} could not be rehearsed` : '';
  return `upgrades: ${clean} clean, ${conflict} with conflicts${rest}`;
}

/** `since 2026-01-31: 12 services better, 4 worse, 1 appeared, 0 disappeared; 9 new findings, 15 resolved` */
export function trendLine(trend: Trend): string {
  const { since, better, worse, appeared, disappeared, newFindings, resolvedFindings } = trend;
  return `since ${since}: ${count(better.length, 'service')} better, ${worse.length} worse, ${appeared.length} appeared, ${disappeared.length} disappeared; ${count(newFindings.length, 'new finding')}, ${resolvedFindings.length} resolved`;
}
