import { resolve } from 'node:path';
import type { AuditResult } from '../engine/core/audit/audit.ts';
import { EXIT_NEEDS_PERSON, UserError } from '../engine/core/errors.ts';
import { findService } from '../engine/io/service/service.ts';
import { readServiceList } from '../engine/io/service/service-list.ts';
import { runAudit, type ServiceFolderName } from '../maintenance/audit/run.ts';
import { auditHtml } from '../report/audit/html.ts';
import { auditJson } from '../report/audit/json.ts';
import { auditMarkdown } from '../report/audit/markdown.ts';
import { auditSarif } from '../report/audit/sarif.ts';
import { auditText } from '../report/audit/text.ts';
import type { Invocation } from './verb-arguments.ts';
import type { VerbContext } from './verb-context.ts';

const FORMATS: Readonly<Record<string, (result: AuditResult) => string>> = {
  text: auditText,
  json: auditJson,
  sarif: auditSarif,
  markdown: auditMarkdown,
  html: auditHtml,
};

/**
 * `audit`: 0 if there is nothing for a person to do, else 4.
 * @throws {UserError} INPUT_INVALID (2), SERVICE_NOT_FOUND (3) without any folder, and those of a preset that is named
 */
export async function audit(
  { positionals, flags, format }: Invocation,
  { cwd, output }: VerbContext,
  now = new Date(),
): Promise<number> {
  const preset = typeof flags.preset === 'string' ? flags.preset : undefined;
  const result = await runAudit({
    cwd,
    today: now.toISOString().slice(0, 10),
    services: chooseServices(positionals, flags.from, cwd),
    ...(preset === undefined ? {} : { preset }),
  });
  output.data((FORMATS[format] ?? auditText)(result));
  return result.ok ? 0 : EXIT_NEEDS_PERSON;
}

/** Each folder once, in the order in which they were named. */
function chooseServices(folders: readonly string[], from: unknown, cwd: string): ServiceFolderName[] {
  const named: ServiceFolderName[] = folders.map((name) => ({ name, base: cwd }));
  if (typeof from === 'string') named.push(...readServiceList(from, cwd));
  if (named.length === 0 && from === undefined) return [{ name: '.', base: findService(cwd) }];
  if (named.length === 0) throw new UserError('INPUT_INVALID', 'the list names no service', 'Name one folder a line.');
  const seen = new Set<string>();
  return named.filter(({ name, base }) => {
    const path = resolve(base, name);
    return !seen.has(path) && seen.add(path);
  });
}
