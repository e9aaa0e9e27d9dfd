import { SERVICE_STATES, type ServiceAudit, type ServiceState, type Trend } from './audit.ts';
import { stateOfService } from './audit-summary.ts';

type FindingOf = Trend['newFindings'][number];

/** A finding, as far as it is compared. Another version of the program may have had other rules. */
export interface ComparedFinding {
  readonly rule: string;
  readonly message: string;
  readonly path?: string;
  readonly waived?: unknown;
}

/** What an earlier audit said of one service. */
export interface EarlierService {
  readonly folder: string;
  readonly name: string;
  readonly state: ServiceState;
  readonly findings: readonly ComparedFinding[];
}

/** An earlier audit, as far as it is compared. */
export interface EarlierAudit {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly services: readonly EarlierService[];
}

/** Compares two audits. A service is known by its folder, or by its name if its folder has another name now. */
export function compareAudits(earlier: EarlierAudit, services: readonly ServiceAudit[]): Trend {
  const { pairs, appeared, disappeared } = pairServices(earlier.services, services);
  const better: string[] = [];
  const worse: string[] = [];
  const newFindings = appeared.flatMap((service) => openOf(service).map((one) => named(service.folder, one)));
  const resolvedFindings: FindingOf[] = [];
  for (const [old, now] of pairs) {
    const [before, after] = [openOf(old), openOf(now)];
    newFindings.push(...without(after, before).map((one) => named(now.folder, one)));
    resolvedFindings.push(...without(before, after).map((one) => named(now.folder, one)));
    const change =
      SERVICE_STATES.indexOf(stateOfService(now)) - SERVICE_STATES.indexOf(old.state) || after.length - before.length;
    if (change < 0) better.push(now.folder);
    if (change > 0) worse.push(now.folder);
  }
  const byState = { current: 0, behind: 0, findings: 0, unreadable: 0 };
  for (const { state } of earlier.services) byState[state] += 1;
  return {
    since: earlier.date,
    before: {
      services: earlier.services.length,
      byState,
      findings: earlier.services.reduce((sum, one) => sum + openOf(one).length, 0),
    },
    better,
    worse,
    appeared: appeared.map(({ folder }) => folder),
    disappeared: disappeared.map(({ folder }) => folder),
    newFindings,
    resolvedFindings,
  };
}

function pairServices(
  earlier: readonly EarlierService[],
  services: readonly ServiceAudit[],
): {
  pairs: (readonly [EarlierService, ServiceAudit])[];
  appeared: ServiceAudit[];
  disappeared: EarlierService[];
} {
  const byFolder = new Map(earlier.map((one) => [one.folder, one]));
  const folders = new Set(services.map(({ folder }) => folder));
  const left = services.filter(({ folder }) => !byFolder.has(folder));
  const lost = earlier.filter(({ folder }) => !folders.has(folder));
  const pairs = services.flatMap((now) => {
    const old = byFolder.get(now.folder);
    return old ? [[old, now] as const] : [];
  });
  const [oldNames, newNames] = [uniqueNames(lost), uniqueNames(left)];
  const moved = [...newNames].flatMap(([name, now]) => {
    const old = oldNames.get(name);
    return old ? [[old, now] as const] : [];
  });
  const [found, gone] = [new Set(moved.map(([, now]) => now)), new Set(moved.map(([old]) => old))];
  return {
    pairs: [...pairs, ...moved],
    appeared: left.filter((one) => !found.has(one)),
    disappeared: lost.filter((one) => !gone.has(one)),
  };
}

function openOf({ findings }: Pick<EarlierService, 'findings'>): ComparedFinding[] {
  return findings.filter(({ waived }) => waived === undefined);
}

/** Services by name, without names that several have. */
function uniqueNames<One extends { readonly name: string }>(services: readonly One[]): Map<string, One> {
  const counts = new Map<string, number>();
  for (const { name } of services) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(services.flatMap((one) => (counts.get(one.name) === 1 ? [[one.name, one] as const] : [])));
}

/** The findings that are not in `others`. Rule and path decide, because messages have line numbers and dates. */
function without(findings: readonly ComparedFinding[], others: readonly ComparedFinding[]): ComparedFinding[] {
  const keyOf = ({ rule, path = '' }: ComparedFinding) => `${rule} ${path}`;
  const left = new Map<string, number>();
  for (const one of others) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  return findings.filter((one) => {
    const known = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), known - 1);
    return known <= 0;
  });
}

function named(service: string, { rule, message }: ComparedFinding): FindingOf {
  return { service, rule, message };
}
