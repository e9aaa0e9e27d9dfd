import type { AuditResult, Cluster, Lag, ServiceAudit } from '../../engine/core/audit/audit.ts';
import { stateOfService } from '../../engine/core/audit/audit-summary.ts';
import { printable } from '../../engine/core/errors.ts';
import { count } from '../../engine/core/text/count.ts';
import { serviceLabel } from '../parts/service-label.ts';
import { effortText, totalLines } from './wording.ts';

/** A cluster names this many services, and counts the others. */
const MAX_NAMED = 8;
/** Lines of a patch that a terminal shows. The other formats have the whole patch. */
const MAX_PATCH_LINES = 30;

/** For people: one line for each service, its findings, equal edits in several services, and totals. */
export function auditText(result: AuditResult): string {
  const width = Math.min(40, Math.max(0, ...result.services.map((service) => printable(serviceLabel(service)).length)));
  return [
    ...result.services.flatMap((service) => serviceLines(service, width)),
    '',
    ...result.clusters.flatMap(clusterLines),
    ...totalLines(result),
  ].join('\n');
}

function serviceLines(service: ServiceAudit, width: number): string[] {
  const { findings, notes } = service;
  const head = [
    printable(serviceLabel(service)).padEnd(width),
    stateOfService(service).padEnd(10),
    describeService(service),
  ];
  return [
    head.join('  ').trimEnd(),
    ...findings.map(({ rule, message, waived }) => {
      const until = waived ? ` [waived until ${waived.expires} by ${printable(waived.owner)}]` : '';
      return `    ${waived ? 'waived' : 'FINDING'} ${rule}: ${printable(message)}${until}`;
    }),
    ...(service.effort?.result === 'unknown' ? [`    note: not rehearsed: ${printable(service.effort.reason)}`] : []),
    ...notes.map((note) => `    note: ${printable(note)}`),
  ];
}

/** e.g. `template 0.1.0, @acme/standard 1.0.0 -> 2.0.0; 3 behind, 1 edited` */
function describeService({ template, presets, counts, waivers, effort }: ServiceAudit): string {
  const versions = [...(template ? [template] : []), ...presets].map(describeLag).join(', ');
  const { unchanged: _unchanged, ...others } = counts;
  const files = Object.entries(others)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`);
  const active = waivers.filter(({ isExpired }) => !isExpired).length;
  if (active > 0) files.push(count(active, 'waiver'));
  const upgrade = effort ? `upgrade ${effortText(effort)}` : '';
  return [versions, files.join(', '), upgrade].filter((part) => part !== '').join('; ');
}

export function describeLag({ name, recorded = 'none', current = 'none', isCurrent }: Lag): string {
  if (isCurrent) return `${printable(name)} ${printable(recorded)}`;
  const other = recorded === current ? `${current} (other files)` : current;
  return printable(`${name} ${recorded} -> ${other}`);
}

function clusterLines({ services, path, source, preset, patch, note }: Cluster): string[] {
  const lines = patch.trimEnd().split('\n');
  const named = services.slice(0, MAX_NAMED).map(printable).join(', ');
  const more = services.length > MAX_NAMED ? ` and ${services.length - MAX_NAMED} more` : '';
  const where = preset === undefined ? source : `${source} of ${preset}`;
  return [
    `${count(services.length, 'service')} made the same edit to ${printable(path)}: ${named}${more}`,
    printable(`  in ${where} it would be${note === undefined ? ':' : ` (${note}):`}`),
    ...lines.slice(0, MAX_PATCH_LINES).map((line) => `    ${printable(line)}`.trimEnd()),
    ...(lines.length > MAX_PATCH_LINES ? [`    ... ${count(lines.length - MAX_PATCH_LINES, 'more line')}`] : []),
    '',
  ];
}
