import { type AuditResult, type Cluster, openFindings, type ServiceAudit } from '../../engine/core/audit.ts';
import { stateOfService, summarise } from '../../engine/core/audit-summary.ts';
import { count } from '../../engine/core/count.ts';
import { printable } from '../../engine/core/errors.ts';
import { describeLag, totalsLine } from './text.ts';

/** For a pull request or a wiki: totals, what needs a person, clusters, and a table of all services. */
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

/** Text from anywhere, as text: it makes no link, no tag, no cell and no emphasis. */
export function escapeMarkdown(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>#|~!&@]/g, (char) => `&#${char.charCodeAt(0)};`);
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
  // A fence longer than any run of backticks inside ends where it should.
  const fence = '`'.repeat(Math.max(3, ...[...patch.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const where = escapeMarkdown(preset === undefined ? source : `${source} of ${preset}`);
  return [
    `### ${count(services.length, 'service')}: ${escapeMarkdown(path)}`,
    '',
    `As a patch of ${where}${note === undefined ? '' : ` (${escapeMarkdown(note)})`}:`,
    '',
    `${fence}diff`,
    patch.trimEnd().split('\n').map(printable).join('\n'),
    fence,
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
