import { type AuditResult, RULES } from '../../engine/core/audit/audit.ts';
import type { AuditSummary } from '../../engine/core/audit/audit-summary.ts';
import { count } from '../../engine/core/text/count.ts';

/** One thing to do, the most useful first. */
interface NextStep {
  /** How many services or findings it is about. */
  readonly number: number;
  /** What to do, after the number: `services take the upgrade without a conflict: merge it`. */
  readonly text: string;
  /** The filter of the table that shows them. */
  readonly filter?: { readonly key: string; readonly value: string };
  /** The edit that it is about, as an index into the clusters. */
  readonly cluster?: number;
}

const MAX_CLUSTERS = 3;

/** What follows from an audit: upgrades, repairs, and the edits that most services share. */
export function nextSteps({ services, clusters }: AuditResult, summary: AuditSummary): NextStep[] {
  const { effort, byState, byRule, findings } = summary;
  const steps: NextStep[] = [];
  const step = (number: number, text: string, more: Omit<NextStep, 'number' | 'text'> = {}) => {
    if (number > 0) steps.push({ number, text, ...more });
  };
  step(byState.unreadable, `${plural(byState.unreadable)} could not be audited: repair the manifest`, {
    filter: { key: 'state', value: 'unreadable' },
  });
  const rules = byRule.filter(([rule]) => rule !== 'service/unreadable').slice(0, 2);
  step(
    findings - byState.unreadable,
    `open findings to settle or to waive; most often: ${rules.map(([rule, number]) => `${RULES[rule].toLowerCase()} (${number})`).join(', ')}`,
    { filter: { key: 'state', value: 'findings' } },
  );
  if (effort) {
    step(effort.clean, `${plural(effort.clean)} can be upgraded without a conflict: merge their upgrades`, {
      filter: { key: 'effort', value: 'clean' },
    });
    step(effort.conflict, `${plural(effort.conflict)} would have conflicts, most in ${worstFile(services)}`, {
      filter: { key: 'effort', value: 'conflict' },
    });
    step(effort.unknown, `${plural(effort.unknown)} could not be rehearsed: see why, and run upgrade there`, {
      filter: { key: 'effort', value: 'unknown' },
    });
  } else
    step(
      byState.behind,
      `${plural(byState.behind)} only wait for an upgrade; --effort says which would have conflicts`,
      {
        filter: { key: 'state', value: 'behind' },
      },
    );
  for (const [index, cluster] of clusters.slice(0, MAX_CLUSTERS).entries())
    step(cluster.services.length, `services made the same edit to ${cluster.path}: take it into the standard`, {
      cluster: index,
    });
  return steps;
}

function plural(services: number): string {
  return count(services, 'service').replace(/^\S+ /, '');
}

/** The file with a conflict in most services. */
function worstFile(services: AuditResult['services']): string {
  const counts = new Map<string, number>();
  for (const { effort } of services)
    for (const path of effort?.result === 'conflict' ? effort.conflicts : [])
      counts.set(path, (counts.get(path) ?? 0) + 1);
  const [worst = ['', 0]] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return `${worst[0]} (${worst[1]})`;
}
