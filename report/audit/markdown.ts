import { answerText } from '../../engine/core/audit/answer-columns.ts';
import { type AuditResult, type Cluster, openFindings, type ServiceAudit } from '../../engine/core/audit/audit.ts';
import { stateOfService } from '../../engine/core/audit/audit-summary.ts';
import { count } from '../../engine/core/text/count.ts';
import { codeBlock, escapeMarkdown } from '../parts/markdown.ts';
import { serviceLabel } from '../parts/service-label.ts';
import { describeLag } from './text.ts';
import { effortText, totalLines } from './wording.ts';

const HEADS = ['state', 'effort', 'versions', 'behind', 'edited', 'missing', 'findings'] as const;

/** For a pull request or a wiki: totals, findings, clusters, and a table of all services. */
export function auditMarkdown(result: AuditResult): string {
  const withFindings = result.services.filter((service) => service.findings.length > 0);
  return [
    `# Audit of ${count(result.services.length, 'service')}, ${result.date}`,
    '',
    ...totalLines(result).map((line) => `- ${line}`),
    '',
    ...(withFindings.length === 0 ? [] : ['## Findings', '', ...withFindings.flatMap(findingLines), '']),
    ...(result.clusters.length === 0
      ? []
      : ['## The same edit in many services', '', ...result.clusters.flatMap(clusterLines)]),
    '## Services',
    '',
    `| ${['service', ...result.columns.map(escapeMarkdown), ...HEADS].join(' | ')} |`,
    `|${'---|'.repeat(result.columns.length + 4)}---:|---:|---:|---:|`,
    ...result.services.map((service) => serviceRow(service, result.columns)),
  ].join('\n');
}

function findingLines(service: ServiceAudit): string[] {
  return [
    `### ${escapeMarkdown(serviceLabel(service))}`,
    '',
    ...service.findings.map(({ rule, message, waived }) => {
      const until = waived
        ? `; waived until ${waived.expires} by ${escapeMarkdown(waived.owner)}: ${escapeMarkdown(waived.reason)}`
        : '';
      return `- **${rule}**: ${escapeMarkdown(message)}${until}`;
    }),
    '',
  ];
}

function clusterLines({ services, path, source, preset, patch, note }: Cluster): string[] {
  const where = escapeMarkdown(preset === undefined ? source : `${source} of ${preset}`);
  return [
    `### ${count(services.length, 'service')}: ${escapeMarkdown(path)}`,
    '',
    `As a patch of ${where}${note === undefined ? '' : ` (${escapeMarkdown(note)})`}:`,
    '',
    codeBlock(patch.trimEnd().split('\n'), 'diff'),
    '',
    services.map(escapeMarkdown).join(', '),
    '',
  ];
}

function serviceRow(service: ServiceAudit, columns: readonly string[]): string {
  const { template, presets, counts, answers, effort } = service;
  const cells = [
    escapeMarkdown(serviceLabel(service)),
    ...columns.map((column) => escapeMarkdown(answerText(answers, column))),
    stateOfService(service),
    effort ? effortText(effort) : '',
    [...(template ? [template] : []), ...presets].map((lag) => escapeMarkdown(describeLag(lag))).join(', '),
    counts.behind + counts['conflict-ahead'],
    counts.edited + counts['conflict-ahead'],
    counts.missing,
    openFindings(service).length,
  ];
  return `| ${cells.join(' | ')} |`;
}
