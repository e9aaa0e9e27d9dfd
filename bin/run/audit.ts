import { resolve } from 'node:path';
import { refuseUnknownAnswer } from '../../engine/core/audit/answer-columns.ts';
import type { AuditResult } from '../../engine/core/audit/audit.ts';
import { parseEarlierAudit } from '../../engine/core/audit/earlier-audit.ts';
import { answersInLink, parseLink } from '../../engine/core/audit/repository-link.ts';
import type { EarlierAudit } from '../../engine/core/audit/trend.ts';
import { EXIT_NEEDS_PERSON, printable, UserError } from '../../engine/core/errors.ts';
import { readGiven } from '../../engine/io/given-file.ts';
import { findService } from '../../engine/io/service/service.ts';
import { type NamedFolder, readServiceList } from '../../engine/io/service/service-list.ts';
import { auditServices } from '../../maintenance/audit/run.ts';
import { auditCsv } from '../../report/audit/csv.ts';
import { auditHtml } from '../../report/audit/html.ts';
import { auditJson } from '../../report/audit/json.ts';
import { auditMarkdown } from '../../report/audit/markdown.ts';
import { auditSarif } from '../../report/audit/sarif.ts';
import { auditText } from '../../report/audit/text.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { AUDIT_FORMATS, AUDIT_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';

type AuditFormat = (typeof AUDIT_FORMATS)[number];

const FORMATS: Readonly<Record<AuditFormat, (result: AuditResult) => string>> = {
  text: auditText,
  json: auditJson,
  csv: auditCsv,
  sarif: auditSarif,
  markdown: auditMarkdown,
  html: auditHtml,
};

/**
 * `audit`: 0 if there is nothing for a person to do, else 4.
 * @throws {UserError} INPUT_INVALID (2), SERVICE_NOT_FOUND (3) without any folder, and those of a preset that is named
 */
export async function runAudit(
  { positionals, flags, format }: Invocation<typeof AUDIT_OPTIONS>,
  { cwd, output }: RunContext,
  now = new Date(),
): Promise<number> {
  const result = await auditServices({
    cwd,
    today: now.toISOString().slice(0, 10),
    services: chooseServices(positionals, flags.from, cwd),
    effort: flags.effort,
    ...given({
      preset: flags.preset,
      columns: readColumns(flags.columns),
      link: flags.link === undefined ? undefined : parseLink(flags.link),
      earlier: flags.since === undefined ? undefined : readEarlier(flags.since, cwd),
    }),
  });
  const readable = result.services.filter(({ unreadable }) => !unreadable);
  const all = readable.map(({ answers }) => answers);
  if (flags.link !== undefined) refuseUnknownAnswer(all, answersInLink(flags.link), '--link');
  output.data(FORMATS[format as AuditFormat](result));
  return result.ok ? 0 : EXIT_NEEDS_PERSON;
}

/** The audit of ten thousand services. */
const MAX_AUDIT_BYTES = 256 * 1024 * 1024;

/**
 * `--columns team,tier`: the names in it.
 * @throws {UserError} INPUT_INVALID if one is empty
 */
export function readColumns(text: string | undefined): string[] | undefined {
  const names = text?.split(',').map((name) => name.trim());
  if (names?.includes('') === true)
    throw new UserError('INPUT_INVALID', '--columns has an empty name', 'Write names of answers: --columns team,tier.');
  return names;
}

function readEarlier(file: string, cwd: string): EarlierAudit {
  let text: string;
  try {
    text = readGiven(resolve(cwd, file), MAX_AUDIT_BYTES);
  } catch (error) {
    throw new UserError(
      'INPUT_INVALID',
      `--since ${printable(file)} cannot be read: ${(error as Error).message}`,
      'Name a file that "npx create-twelve-service audit --format json" wrote.',
      { cause: error },
    );
  }
  return parseEarlierAudit(text, file);
}

/** Each folder once, in the order in which they were named. */
function chooseServices(folders: readonly string[], from: string | undefined, cwd: string): NamedFolder[] {
  const named: NamedFolder[] = folders.map((name) => ({ name, base: cwd }));
  if (from !== undefined) named.push(...readServiceList(from, cwd));
  if (named.length === 0 && from === undefined) return [{ name: '.', base: findService(cwd) }];
  if (named.length === 0) throw new UserError('INPUT_INVALID', 'the list names no service', 'Name one folder a line.');
  const seen = new Set<string>();
  return named.filter(({ name, base }) => {
    const path = resolve(base, name);
    return !seen.has(path) && seen.add(path);
  });
}
