import { summarise } from '../../contract/judge/summarise.ts';
import type { RuleResult, Verification } from '../../contract/judge/verification.ts';
import type { ReportSettings } from './settings.ts';
import { failures, nextToMend, oneLine, verdict } from './wording.ts';

/** GitHub shows this many annotations of a kind for a step. */
const MOST = 10;
/** Characters of one observation that are shown. */
const MAX_TEXT = 300;

type Kind = 'error' | 'warning' | 'notice';

interface Annotation {
  readonly kind: Kind;
  readonly title: string;
  readonly message: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/**
 * Workflow commands of GitHub Actions: broken MUST rules and problems are errors, advice is a warning, and the verdict is a
 * notice. GitHub shows ten of a kind, so the last one of more says how many there are.
 */
export function verifyGithub(verification: Verification, { location }: ReportSettings): string {
  const { findings, profile } = verification;
  const summary = summarise(verification);
  const folder = location === undefined ? '' : location.slice(0, location.lastIndexOf('/') + 1);
  const problems = findings.map(({ rule, message, path, line }): Annotation => {
    const file = path === undefined ? location : `${folder}${path}`;
    return { kind: 'error', title: rule, message, file, line };
  });
  const rules = summary.toMend.map((result): Annotation => {
    const kind = result.level === 'MUST' ? 'error' : 'warning';
    return { kind, title: `${result.id} ${result.factor}`, message: messageOf(result), file: location };
  });
  const next = nextToMend(summary);
  const said = [verdict(verification, summary), ...(next === undefined ? [] : [`Next to mend: ${next}`])];
  const title = `Service contract, profile ${profile}: ${verification.rules} rules`;
  const errors = [...rules, ...problems].filter(({ kind }) => kind === 'error');
  const warnings = rules.filter(({ kind }) => kind === 'warning');
  const notice: Annotation = { kind: 'notice', title, message: [...said, ...inPart(verification)].join('\n') };
  return [...shown(errors), ...shown(warnings), notice].map(command).join('\n');
}

function inPart({ results }: Verification): string[] {
  const ids = results.filter(({ outcome }) => outcome === 'partly').map(({ id }) => id);
  return ids.length === 0 ? [] : [`Kept in part: ${ids.join(', ')}`];
}

function messageOf(result: RuleResult): string {
  const [first] = failures(result).shown;
  const seen = first === undefined ? [] : [`${first.sent}: expected ${first.expected}, got ${first.got}`];
  return [result.statement, ...seen.map((text) => oneLine(text, MAX_TEXT)), `How to mend it: ${result.mend}`].join(
    '\n',
  );
}

function shown(annotations: readonly Annotation[]): Annotation[] {
  if (annotations.length <= MOST) return [...annotations];
  const rest = annotations.slice(MOST - 1);
  const [{ kind, file } = { kind: 'error' as const, file: undefined }] = rest;
  const message = rest.map(({ title }) => title).join('\n');
  return [...annotations.slice(0, MOST - 1), { kind, file, title: `and ${rest.length} more`, message }];
}

/** One line, whatever is in it: no text of a service can begin a command of its own. */
function command({ kind, title, message, file, line }: Annotation): string {
  const properties = Object.entries({ file, line, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeData(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`);
  return `::${kind} ${properties.join(',')}::${escapeData(message)}`;
}

/** As the runner reads it: see `escapeData` of github.com/actions/toolkit. */
function escapeData(text: string): string {
  const lines = text.split(/\r?\n/).map((part) => oneLine(part, Number.POSITIVE_INFINITY));
  return lines.join('\n').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
