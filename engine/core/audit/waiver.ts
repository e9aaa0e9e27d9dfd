import type { LineCounter } from 'yaml';
import { matchesGlob } from '../glob.ts';
import { parseRepoPath } from '../repo-path.ts';

export const WAIVERS_PATH = parseRepoPath('.twelve-waivers.yaml');

/** Allows one rule to be broken until a day, with a reason and an owner. A rule cannot be switched off for ever. */
export interface Waiver {
  /** `drift`, `policy/...` or a rule of the contract, e.g. `XI-3`. */
  readonly rule: string;
  /** Glob of the files that it covers. Not set if it covers the whole service. */
  readonly path?: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it is valid, `YYYY-MM-DD`. */
  readonly expires: string;
  /** Its line in the file, from 1. */
  readonly line: number;
}

/** One thing wrong with a waivers file. */
interface WaiverProblem {
  readonly line: number;
  readonly reason: string;
}

export interface Waivers {
  readonly waivers: readonly Waiver[];
  readonly problems: readonly WaiverProblem[];
}

const RULE = /^(drift|policy\/(base-image|required-file|contract)|([IVX]+|S|H)-[0-9]+)$/;
const KEYS = ['rule', 'path', 'reason', 'owner', 'expires'] as const;
const REQUIRED = ['rule', 'reason', 'owner', 'expires'] as const;
/** More than any service needs. */
const MAX_WAIVERS = 1000;
const MAX_TEXT = 1000;

/** Reads `.twelve-waivers.yaml`. A malformed waiver is not valid; it is reported as a problem with its line. */
export async function parseWaivers(text: string): Promise<Waivers> {
  const { LineCounter: Counter, parseDocument, isMap, isSeq } = await import('yaml');
  const lines = new Counter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail = (line: number, reason: string): Waivers => ({ waivers: [], problems: [{ line, reason }] });
  const [syntax] = document.errors;
  if (syntax) return fail(syntax.linePos?.[0].line ?? 1, syntax.message.split('\n')[0] ?? 'is not YAML');
  const list = isMap(document.contents) ? document.get('waivers', true) : undefined;
  if (!isSeq(list)) return fail(1, 'must have a list "waivers"');
  if (list.items.length > MAX_WAIVERS) return fail(1, `has more than ${MAX_WAIVERS} waivers`);
  let values: unknown[];
  try {
    values = (document.toJS({ maxAliasCount: 100 }) as { waivers: unknown[] }).waivers;
  } catch (error) {
    return fail(1, (error as Error).message);
  }
  const waivers: Waiver[] = [];
  const problems: WaiverProblem[] = [];
  for (const [index, value] of values.entries()) {
    const line = lineOf(list.items[index], lines);
    const reasons = problemsOf(value);
    if (reasons.length === 0) waivers.push({ ...(value as Omit<Waiver, 'line'>), line });
    problems.push(...reasons.map((reason) => ({ line, reason })));
  }
  return { waivers, problems };
}

function lineOf(node: unknown, lines: LineCounter): number {
  const start = (Object(node) as { range?: readonly number[] }).range?.[0];
  return start === undefined ? 1 : lines.linePos(start).line;
}

function problemsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['a waiver is a map'];
  const waiver = value as Record<string, unknown>;
  const problems = Object.keys(waiver)
    .filter((key) => !(KEYS as readonly string[]).includes(key))
    .map((key) => `"${key.slice(0, 40)}" is not known; a waiver has ${KEYS.join(', ')}`);
  for (const key of REQUIRED) if (waiver[key] === undefined || waiver[key] === null) problems.push(`has no ${key}`);
  for (const key of KEYS) {
    const text = waiver[key];
    if (text === undefined || text === null) continue;
    if (typeof text !== 'string' || text.trim() === '' || text.length > MAX_TEXT)
      problems.push(`${key} must be text of at most ${MAX_TEXT} characters`);
    else if (key === 'rule' && !RULE.test(text)) problems.push(`there is no rule "${text.slice(0, 40)}"`);
    else if (key === 'expires' && !isDay(text)) problems.push(`expires must be a day, as YYYY-MM-DD`);
  }
  return problems;
}

/** Whether text is a real day. */
function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (lengths[month - 1] ?? 0);
}

/** @param today `YYYY-MM-DD` */
export function isExpired({ expires }: Pick<Waiver, 'expires'>, today: string): boolean {
  return expires < today;
}

/** The first waiver that covers a broken rule. If the waiver has a glob, it must match the file. */
export function findWaiver(
  waivers: readonly Waiver[],
  { rule, path }: { readonly rule: string; readonly path?: string },
  today: string,
): Waiver | undefined {
  const family = rule.startsWith('drift/') ? 'drift' : rule;
  return waivers.find(
    (waiver) =>
      waiver.rule === family &&
      !isExpired(waiver, today) &&
      (waiver.path === undefined || (path !== undefined && matchesGlob(waiver.path, path))),
  );
}
