import { type AuditResult, type Finding, RULES, type ServiceAudit } from '../../engine/core/audit.ts';
import { MANIFEST_PATH } from '../../engine/core/manifest.ts';

/** SARIF 2.1.0, which code hosts show at the lines. Paths are relative to where the folders were named. */
export function auditSarif({ services, version }: AuditResult): string {
  const ids = Object.keys(RULES);
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'create-twelve-service audit',
              version,
              rules: Object.entries(RULES).map(([id, text]) => ({
                id,
                name: id.replace(/(^|[/-])([a-z])/g, (_, _before, letter: string) => letter.toUpperCase()),
                shortDescription: { text },
                defaultConfiguration: { level: 'error' },
              })),
            },
          },
          columnKind: 'utf16CodeUnits',
          results: services.flatMap((service) => service.findings.map((finding) => toResult(finding, service, ids))),
        },
      ],
    },
    null,
    2,
  );
}

function toResult(
  { rule, message, path = MANIFEST_PATH, line, waived }: Finding,
  { folder }: ServiceAudit,
  ids: readonly string[],
) {
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: waived ? 'note' : 'error',
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(`${folder}/${path}`) },
          ...(line === undefined ? {} : { region: { startLine: line } }),
        },
      },
    ],
    ...(waived
      ? {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: `${waived.reason} (${waived.owner}, until ${waived.expires})`,
            },
          ],
        }
      : {}),
  };
}

/** A relative reference where the folder was named by one. Nothing of a path can be a scheme, a query or a fragment. */
function toUri(path: string): string {
  const segments = path.replaceAll('\\', '/').split('/');
  const named = segments.filter((segment) => segment !== '' && segment !== '.').map(encodeURIComponent);
  return `${path.startsWith('/') ? 'file:///' : ''}${named.join('/')}`;
}
