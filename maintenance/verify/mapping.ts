import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { LineCounter, ParsedNode } from 'yaml';
import { FORMS, type Form } from '../../contract/form.ts';
import type { Mapping, Queue, TimeVariable } from '../../contract/mapping.ts';
import { PROFILES } from '../../contract/profile.ts';
import type { HealthPaths } from '../../contract/target.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { kindOf } from '../../engine/io/disk.ts';
import { parseCommand, resolveCommand } from './command-line.ts';

/** Looked for in the folder of a service. */
const MAPPING_FILE = 'verify.yaml';

/** What a mapping file says. Commands are as they are written. */
export interface MappingFile extends Omit<Mapping, 'migrate' | 'jobs'> {
  readonly profile?: string;
  readonly form?: Form;
  /** The verb that runs it, with its arguments, if not `web`. */
  readonly verb?: string;
  readonly health?: Partial<Pick<HealthPaths, 'live' | 'ready'>>;
  readonly port?: string;
  readonly migrate?: { readonly command: string; readonly status?: string };
  readonly jobs?: { readonly verb?: string; readonly add: string; readonly left: string };
}

/** What a value has to be: in words for messages, and a test. */
interface Kind {
  readonly is: string;
  test(value: unknown): boolean;
}

type Shape = { readonly [key: string]: Kind | Shape };

const text = (is: string, pattern: RegExp): Kind => ({
  is,
  test: (value) => typeof value === 'string' && pattern.test(value),
});
const PATH = text('a path that begins with "/"', /^\/\S*$/);
const VARIABLE = text('the name of a variable', /^[A-Za-z_][A-Za-z0-9_]*$/);
const TEXT = text('a text', /\S/);
const TIME: Shape = { name: VARIABLE, unit: text('ms or s', /^(ms|s)$/) };
const FIELDS = [
  'time',
  'level',
  'msg',
  'service.name',
  'service.version',
  'request_id',
  'trace_id',
  'span_id',
  'duration_ms',
];
const REQUEST_FIELDS = ['http.request.method', 'http.route', 'http.response.status_code'];

/** All keys of the file. */
const SHAPE: Shape = {
  profile: text(`one of ${PROFILES.join(', ')}`, new RegExp(`^(${PROFILES.join('|')})$`)),
  form: text(`one of ${FORMS.join(', ')}`, new RegExp(`^(${FORMS.join('|')})$`)),
  verb: TEXT,
  health: { live: PATH, ready: PATH },
  variables: {
    port: VARIABLE,
    database: VARIABLE,
    log_level: { name: VARIABLE, verbose: TEXT },
    shutdown_delay: TIME,
    shutdown_timeout: TIME,
  },
  exit_codes: {
    config: {
      is: 'a number from 1 to 255',
      test: (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 256,
    },
  },
  log_fields: Object.fromEntries([...FIELDS, ...REQUEST_FIELDS].map((name) => [name, TEXT])),
  write: {
    path: PATH,
    body: { is: 'a map', test: (value) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  },
  slow: PATH,
  migrate: { command: TEXT, status: TEXT },
  jobs: { verb: TEXT, add: TEXT, left: TEXT },
};

/** Maps that are of no use without all of their keys. */
const WHOLE = ['log_level', 'shutdown_delay', 'shutdown_timeout', 'write'];
/** The same for those that may have more keys. */
const NEEDED: Readonly<Record<string, readonly string[]>> = { migrate: ['command'], jobs: ['add', 'left'] };

/**
 * What a service calls its things: the file that is named, or else `verify.yaml` in its folder.
 * @returns nothing where there is none
 * @throws {UserError} INPUT_INVALID, with the line, for a file that cannot be read or has what is not known
 */
export async function readMapping(
  file: string | undefined,
  folder: string | undefined,
  cwd: string,
): Promise<MappingFile | undefined> {
  const found = file === undefined ? folder && join(folder, MAPPING_FILE) : resolve(cwd, file);
  if (found === undefined || (file === undefined && kindOf(found) !== 'file')) return undefined;
  let content: string;
  try {
    content = readFileSync(found, 'utf8');
  } catch (cause) {
    throw new UserError('INPUT_INVALID', `${printable(file ?? found)} cannot be read`, 'Name a file.', {
      cause: cause as Error,
    });
  }
  return parseMapping(content, basename(found));
}

/** @throws {UserError} INPUT_INVALID, with the line of each problem */
export async function parseMapping(content: string, name: string): Promise<MappingFile> {
  const { LineCounter: Counter, parseDocument } = await import('yaml');
  const lines = new Counter();
  const document = parseDocument(content, { lineCounter: lines });
  const [syntax] = document.errors;
  const problems = syntax
    ? [{ line: syntax.linePos?.[0].line ?? 1, reason: syntax.message.split('\n')[0] ?? 'is not YAML' }]
    : await problemsOf(document.contents, SHAPE, '', lines);
  if (problems.length > 0) {
    const texts = problems.map(({ line, reason }) => `${name}:${line} ${printable(reason)}`);
    throw new UserError('INPUT_INVALID', texts.join('; '), 'docs/verifying.md has every key, with an example.');
  }
  const { variables = {}, exit_codes, log_fields: logFields, ...rest } = (document.toJS() ?? {}) as Raw;
  const {
    port,
    database,
    log_level: logLevel,
    shutdown_delay: shutdownDelay,
    shutdown_timeout: shutdownTimeout,
  } = variables;
  const read = {
    ...rest,
    port,
    database,
    logLevel,
    shutdownDelay,
    shutdownTimeout,
    logFields,
    configExit: exit_codes?.config,
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as MappingFile;
}

interface Raw
  extends Pick<MappingFile, 'profile' | 'form' | 'verb' | 'health' | 'write' | 'slow' | 'migrate' | 'jobs'> {
  readonly variables?: {
    readonly port?: string;
    readonly database?: string;
    readonly log_level?: Mapping['logLevel'];
    readonly shutdown_delay?: TimeVariable;
    readonly shutdown_timeout?: TimeVariable;
  };
  readonly exit_codes?: { readonly config?: number };
  readonly log_fields?: Mapping['logFields'];
}

interface Problem {
  readonly line: number;
  readonly reason: string;
}

async function problemsOf(place: ParsedNode | null, shape: Shape, at: string, lines: LineCounter): Promise<Problem[]> {
  const { isMap, isScalar } = await import('yaml');
  const lineOf = (one: unknown) => lines.linePos((one as ParsedNode | null)?.range?.[0] ?? 0).line;
  const problems: Problem[] = [];
  if (!isMap(place))
    return place === null && at === '' ? [] : [{ line: lineOf(place), reason: `${at || 'the file'} has to be a map` }];
  for (const { key, value } of place.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const path = at === '' ? name : `${at}.${name}`;
    const wanted = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (wanted === undefined) {
      problems.push({ line: lineOf(key), reason: `${path} is not known; there are ${Object.keys(shape).join(', ')}` });
    } else if (isKind(wanted)) {
      const plain = isScalar(value) ? value.value : isMap(value) ? value.toJSON() : undefined;
      if (!wanted.test(plain)) problems.push({ line: lineOf(value ?? key), reason: `${path} has to be ${wanted.is}` });
    } else problems.push(...(await problemsOf(value as ParsedNode | null, wanted, path, lines)));
  }
  const last = at.split('.').at(-1) ?? '';
  const needed = WHOLE.includes(last) ? Object.keys(shape) : (NEEDED[last] ?? []);
  const lacking = needed.filter((name) => !place.has(name));
  if (lacking.length > 0) problems.push({ line: lineOf(place), reason: `${at} has no ${lacking.join(', ')}` });
  return problems;
}

const isKind = (wanted: Kind | Shape): wanted is Kind => typeof wanted.test === 'function';

/**
 * The part of a file that checks work with.
 * @param folder programs of commands are made absolute with it; without one they are those of an image
 */
export function mappingOf(file: MappingFile, folder: string | undefined): Mapping {
  const { profile: _profile, form: _form, verb: _verb, health: _health, port: _port, migrate, jobs, ...others } = file;
  const rest = { ...others, ...(jobs ? { jobs: queueOf(jobs) } : {}) };
  if (!migrate) return rest;
  const words = (text: string) => {
    const command = parseCommand(text);
    return folder === undefined ? command.words : resolveCommand(command, folder);
  };
  const status = migrate.status === undefined ? {} : { status: words(migrate.status) };
  return { ...rest, migrate: { command: words(migrate.command), ...status } };
}

function queueOf({ verb, add, left }: NonNullable<MappingFile['jobs']>): Queue {
  return { add, left, ...(verb === undefined ? {} : { verb: parseCommand(verb).words }) };
}
