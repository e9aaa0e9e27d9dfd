import { withoutName } from '../names.ts';
import { answerText, groupByAnswer } from './answer-columns.ts';
import {
  type AuditResult,
  type EffortCounts,
  openFindings,
  type RuleId,
  SERVICE_STATES,
  type ServiceAudit,
  type ServiceState,
} from './audit.ts';

export interface VersionCount {
  /** `template`, or the name of a preset. */
  readonly name: string;
  readonly version: string;
  readonly isCurrent: boolean;
  readonly services: number;
}

interface FileDrift {
  readonly path: string;
  /** Number of services in which the file is edited. */
  readonly edited: number;
  readonly behind: number;
  readonly missing: number;
  readonly extra: number;
}

/** All audited services in numbers. */
export interface AuditSummary {
  readonly services: number;
  readonly byState: Readonly<Record<ServiceState, number>>;
  /** Services that need a person: unreadable, with findings, or with conflicts in a rehearsed upgrade. */
  readonly people: number;
  readonly findings: number;
  readonly waived: number;
  /** Open findings by rule, the most frequent first. */
  readonly byRule: readonly (readonly [rule: RuleId, count: number])[];
  /** Services that are behind, by effort. Not set if no effort is known. */
  readonly effort?: EffortCounts;
  /** Services by the first column, the largest group first. Not set without columns. */
  readonly groups?: { readonly by: string; readonly values: ReturnType<typeof groupByAnswer<ServiceState>> };
  /** Number of files of all services in this state. */
  readonly filesBehind: number;
  readonly filesNew: number;
  /** Sorted by name, the newest version last. */
  readonly versions: readonly VersionCount[];
  /** The files that drift in most services come first. */
  readonly drift: readonly FileDrift[];
}

export function stateOfService(service: ServiceAudit): ServiceState {
  if (service.unreadable) return 'unreadable';
  if (openFindings(service).length > 0) return 'findings';
  return isBehind(service) ? 'behind' : 'current';
}

function needsPerson(service: ServiceAudit): boolean {
  return ['findings', 'unreadable'].includes(stateOfService(service)) || service.effort?.result === 'conflict';
}

/** Whether an upgrade would change the service. */
export function isBehind({ template, presets, counts }: ServiceAudit): boolean {
  if (counts.behind + counts['conflict-ahead'] + counts.new > 0) return true;
  return template?.isCurrent === false || presets.some(({ isCurrent }) => !isCurrent);
}

export function summarise({ services, columns }: Pick<AuditResult, 'services' | 'columns'>): AuditSummary {
  const byState = { ...NO_STATES };
  const [by] = columns;
  const byRule = new Map<RuleId, number>();
  let waived = 0;
  for (const service of services) {
    byState[stateOfService(service)] += 1;
    for (const finding of service.findings) {
      if (finding.waived) waived += 1;
      else byRule.set(finding.rule, (byRule.get(finding.rule) ?? 0) + 1);
    }
  }
  return {
    services: services.length,
    byState,
    people: services.filter(needsPerson).length,
    findings: [...byRule.values()].reduce((sum, count) => sum + count, 0),
    waived,
    byRule: [...byRule].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
    ...effortCounts(services),
    ...(by === undefined ? {} : { groups: { by, values: groupStates(services, by) } }),
    filesBehind: services.reduce((sum, { counts }) => sum + counts.behind + counts['conflict-ahead'], 0),
    filesNew: services.reduce((sum, { counts }) => sum + counts.new, 0),
    versions: countVersions(services),
    drift: countDrift(services),
  };
}

const NO_STATES: Readonly<Record<ServiceState, number>> = { current: 0, behind: 0, findings: 0, unreadable: 0 };

function effortCounts(services: readonly ServiceAudit[]): { effort?: EffortCounts } {
  const effort = { clean: 0, conflict: 0, unknown: 0 };
  const known = services.flatMap((service) => service.effort ?? []);
  for (const { result } of known) effort[result] += 1;
  return known.length === 0 ? {} : { effort };
}

function groupStates(services: readonly ServiceAudit[], by: string) {
  const pairs = services.map((service) => [answerText(service.answers, by), stateOfService(service)] as const);
  return groupByAnswer(pairs, SERVICE_STATES);
}

function countVersions(services: readonly ServiceAudit[]): VersionCount[] {
  const counts = new Map<string, VersionCount>();
  for (const { template, presets } of services) {
    for (const { name, recorded, isCurrent } of [...(template ? [template] : []), ...presets]) {
      const version = recorded ?? 'none';
      const key = JSON.stringify([name, version, isCurrent]);
      const { services: before = 0 } = counts.get(key) ?? {};
      counts.set(key, { name, version, isCurrent, services: before + 1 });
    }
  }
  return [...counts.values()].sort(
    (a, b) =>
      Number(b.name === 'template') - Number(a.name === 'template') ||
      a.name.localeCompare(b.name, 'en') ||
      a.version.localeCompare(b.version, 'en', { numeric: true }) ||
      Number(a.isCurrent) - Number(b.isCurrent),
  );
}

/**
 * Counts for each file the services in which it drifts. A name in a path is replaced, so all services share one line.
 */
function countDrift(services: readonly ServiceAudit[]): FileDrift[] {
  const counts = new Map<string, { edited: number; behind: number; missing: number; extra: number }>();
  for (const { name, files } of services) {
    for (const { path: own, state } of files) {
      // Only in files of the root: `api` in `deep/api.txt` of a service "api" is not its name.
      const path = own.includes('/') ? own : withoutName(own, name);
      const count = counts.get(path) ?? { edited: 0, behind: 0, missing: 0, extra: 0 };
      counts.set(path, count);
      if (state === 'edited' || state === 'conflict-ahead') count.edited += 1;
      if (state === 'behind' || state === 'conflict-ahead') count.behind += 1;
      if (state === 'missing' || state === 'extra') count[state] += 1;
    }
  }
  const weight = ({ edited, missing, extra }: FileDrift) => edited + missing + extra;
  return [...counts]
    .map(([path, count]) => ({ path, ...count }))
    .sort((a, b) => weight(b) - weight(a) || b.behind - a.behind || (a.path < b.path ? -1 : 1));
}
