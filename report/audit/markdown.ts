import { type AuditResult, type Cluster, openFindings, type ServiceAudit } from '../../engine/core/audit/audit.ts';
import { stateOfService, summarise } from '../../engine/core/audit/audit-summary.ts';
import { count } from '../../engine/core/count.ts';
import { codeBlock, escapeMarkdown } from '../parts/markdown.ts';
import { describeLag, totalsLine } from './text.ts';

/** For a pull request or a wiki: totals, findings, clusters, and a table of all services. */
export function auditMarkdown(result: AuditResult): string {
  const withFindings = result.services.filter((service) => service.findings.length > 0);
  return [
    `# Audit of ${count(result.services.length, 'service')}, ${result.date}`,
    '',
    ...totalsLine(summarise(result))
      .split('\n')
      .map((line) => `- ${line}`),
    '',
    ...(withFindings.length === 0 ? [] : ['## Findings', '', ...withFindings.flatMap(findingLines), '']),
    ...(result.clusters.length === 0
      ? []
      : ['## The same edit in many services', '', ...result.clusters.flatMap(clusterLines)]),
    '## Services',
    '',
    '| service | state | versions | behind | edited | missing | findings |',
    '|---|---|---|---:|---:|---:|---:|',
    ...result.services.map(serviceRow),
  ].join('\n');
}

function findingLines(service: ServiceAudit): string[] {
  return [
    `### ${escapeMarkdown(service.folder)}`,
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

function serviceRow(service: ServiceAudit): string {
  const { folder, template, presets, counts } = service;
  const cells = [
    escapeMarkdown(folder),
    stateOfService(service),
    [...(template ? [template] : []), ...presets].map((lag) => escapeMarkdown(describeLag(lag))).join(', '),
    counts.behind + counts['conflict-ahead'],
    counts.edited + counts['conflict-ahead'],
    counts.missing,
    openFindings(service).length,
  ];
  return `| ${cells.join(' | ')} |`;
}
