import { jsonText } from './json.ts';

/** One rule in the list of a SARIF log. */
export interface SarifRule {
  readonly id: string;
  readonly text: string;
  /** Text that a code host shows next to a finding. */
  readonly help?: string;
  readonly level?: SarifLevel;
}

export type SarifLevel = 'error' | 'warning' | 'note';

export interface SarifFinding {
  readonly rule: string;
  readonly message: string;
  readonly level?: SarifLevel;
  /** Relative to the folder in which the tool was started, with `/` between folders. Without one there is no place to show. */
  readonly path?: string | undefined;
  /** Whether an earlier run had it too. Not set if this run is compared with none. */
  readonly since?: 'new' | 'unchanged';
  /** From 1. */
  readonly line?: number;
  /** If set, the finding is suppressed. */
  readonly waived?: { readonly reason: string; readonly owner: string; readonly expires: string };
  /** Identifies the finding in every run, if there is no line that does. */
  readonly fingerprint?: string;
}

/** What a run says besides its findings. Code hosts show none of it as a finding. */
interface SarifRun {
  /** Anything, by name. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** About rules without a finding. */
  readonly notes?: readonly { readonly rule: string; readonly message: string }[];
}

/** Writes SARIF 2.1.0, from which code hosts show findings next to lines. */
export function sarifLog(
  tool: { readonly name: string; readonly version: string },
  rules: readonly SarifRule[],
  findings: readonly SarifFinding[],
  { properties, notes = [] }: SarifRun = {},
): string {
  const ids = rules.map(({ id }) => id);
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { ...tool, rules: rules.map(toRule) } },
        columnKind: 'utf16CodeUnits',
        ...(properties === undefined ? {} : { properties }),
        ...(notes.length === 0
          ? {}
          : { invocations: [{ executionSuccessful: true, toolExecutionNotifications: notes.map(toNote) }] }),
        results: findings.map((finding) => toResult(finding, ids)),
      },
    ],
  });

  function toNote({ rule, message }: { rule: string; message: string }) {
    return {
      level: 'note',
      message: { text: plainMessage(message) },
      associatedRule: { id: rule, index: ids.indexOf(rule) },
    };
  }
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
  const { rule, message, level = 'error', path, line, waived, fingerprint, since } = finding;
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: waived || since === 'unchanged' ? 'note' : level,
    ...(since === undefined ? {} : { baselineState: since }),
    message: { text: plainMessage(message) },
    ...(path === undefined ? {} : { locations: [locationOf(path, line)] }),
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

function locationOf(path: string, line: number | undefined) {
  const region = line === undefined ? {} : { region: { startLine: line } };
  return { physicalLocation: { artifactLocation: { uri: toUri(path) }, ...region } };
}

/** Turns a path into a URI, relative if the path is. No part of it can be read as a scheme, a query or a fragment. */
function toUri(path: string): string {
  const segments = path.replaceAll('\\', '/').split('/');
  const named = segments.filter((segment) => segment !== '' && segment !== '.').map(encodeURIComponent);
  return `${path.startsWith('/') ? 'file:///' : ''}${named.join('/')}`;
}

/** Escapes text that viewers would read as a link or a placeholder (SARIF 2.1.0, 3.11.5 and 3.11.6). */
function plainMessage(text: string): string {
  return text.replace(/\](?=\()/g, '] ').replace(/\{(?=\d+\})/g, '{ ');
}
