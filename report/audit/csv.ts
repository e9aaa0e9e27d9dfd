import { answerText } from '../../engine/core/audit/answer-columns.ts';
import { type AuditResult, openFindings, type ServiceAudit } from '../../engine/core/audit/audit.ts';
import { stateOfService } from '../../engine/core/audit/audit-summary.ts';
import { csvText } from '../parts/csv.ts';

/** For spreadsheets: a row a service, with its answers. */
export function auditCsv({ services, columns }: AuditResult): string {
  const heads = ['service', 'name', ...columns, 'state', 'effort', 'conflicts', 'versions'];
  const numbers = ['behind', 'new', 'edited', 'missing', 'findings', 'waived'];
  return csvText([[...heads, ...numbers, 'repository'], ...services.map((service) => rowOf(service, columns))]);
}

function rowOf(service: ServiceAudit, columns: readonly string[]): (string | number)[] {
  const { folder, name, answers, effort, template, presets, counts, findings, repository = '' } = service;
  const open = openFindings(service).length;
  return [
    folder,
    name,
    ...columns.map((column) => answerText(answers, column)),
    stateOfService(service),
    effort?.result ?? '',
    effort?.result === 'conflict' ? effort.conflicts.join(' ') : '',
    [...(template ? [template] : []), ...presets].map((lag) => `${lag.name} ${lag.recorded ?? 'none'}`).join(', '),
    counts.behind + counts['conflict-ahead'],
    counts.new,
    counts.edited + counts['conflict-ahead'],
    counts.missing,
    open,
    findings.length - open,
    repository,
  ];
}
