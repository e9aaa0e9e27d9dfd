import { jsonText } from './json.ts';

/** One rule, as SARIF lists it. */
export interface SarifRule {
  readonly id: string;
  readonly text: string;
  /** What a code host shows beside a finding. */
  readonly help?: string;
  readonly level?: SarifLevel;
}

export type SarifLevel = 'error' | 'warning' | 'note';

export interface SarifFinding {
  readonly rule: string;
  readonly message: string;
  readonly level?: SarifLevel;
  /** Relative to where the tool was started; folders by `/`. */
  readonly path: string;
  /** From 1. */
  readonly line?: number;
  /** Set: it is suppressed. */
  readonly waived?: { readonly reason: string; readonly owner: string; readonly expires: string };
  /** What stays the same from run to run, where there is no line to tell findings apart by. */
  readonly fingerprint?: string;
}

/** SARIF 2.1.0, which code hosts show at the lines. */
export function sarifLog(
  tool: { readonly name: string; readonly version: string },
  rules: readonly SarifRule[],
  findings: readonly SarifFinding[],
): string {
  const ids = rules.map(({ id }) => id);
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { ...tool, rules: rules.map(toRule) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => toResult(finding, ids)),
      },
    ],
  });
}

function toRule({ id, text, help, level = 'error' }: SarifRule) {
  return {
    id,
    name: id.replace(/(^|[/-])([a-z])/g, (_, _before, letter: string) => letter.toUpperCase()),
    shortDescription: { text },
    ...(help === undefined ? {} : { help: { text: help } }),
    defaultConfiguration: { level },
  };
}

function toResult(finding: SarifFinding, ids: readonly string[]) {
  const { rule, message, level = 'error', path, line, waived, fingerprint } = finding;
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: waived ? 'note' : level,
    message: { text: plainMessage(message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(path) },
          ...(line === undefined ? {} : { region: { startLine: line } }),
        },
      },
    ],
    ...(fingerprint === undefined ? {} : { partialFingerprints: { 'twelve/v1': fingerprint } }),
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

/** What viewers take for a link or for the place of an argument is neither (SARIF 2.1.0, 3.11.5 and 3.11.6). */
function plainMessage(text: string): string {
  return text.replace(/\](?=\()/g, '] ').replace(/\{(?=\d+\})/g, '{ ');
}
