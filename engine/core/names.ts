import { foreignCodePoints, printable } from './errors.ts';
import { isWindowsDevice } from './repo-path.ts';

/**
 * The limit of a DNS label (RFC 1123): the name is a host name in compose, a Kubernetes label, a part of an image name.
 */
export const MAX_NAME_LENGTH = 63;

/** npm's limit on a whole package name, scope included. */
const MAX_PACKAGE_NAME_LENGTH = 214;

/**
 * Node's own modules: a package with such a name cannot be imported. The list is fixed, so that every machine accepts
 * the same names. A test compares it with the running Node.
 */
export const CORE_MODULES: ReadonlySet<string> = new Set(
  (
    'assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain ' +
    'events ffi fs http http2 https inspector module net os path perf_hooks process punycode querystring quic readline repl ' +
    'sea sqlite stream string_decoder sys test timers tls trace_events tty url util v8 vm vfs wasi worker_threads zlib'
  ).split(' '),
);

/** Names with a meaning to npm, or to git (compose reads `<NAME>_DIR`). */
const RESERVED = new Set('node_modules favicon.ico package.json localhost git'.split(' '));
/**
 * Names with a meaning to this program as a command. No new service gets one; one that had it before the command came keeps it. A
 * test compares them with the table of commands.
 */
const COMMAND_NAMES = new Set(
  'help version create describe completion add apply undo preset upgrade audit rehearse adopt verify explain repair doctor workspace'.split(
    ' ',
  ),
);
const COMMAND_PREFIX = 'add-';

/** The parts of a service's name. */
interface ServiceName {
  /** The DNS label, e.g. `orders`. */
  readonly name: string;
  /** The npm scope without `@`. */
  readonly scope?: string;
}

/** The nearest valid name. Nothing if no part of the input can be used. */
export function suggestName(input: string): string | undefined {
  const label = input
    .replace(/^.*[/\\]/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/-+$/, '');
  return label !== '' && labelProblem(label) === undefined && !isCommandName(label) ? label : undefined;
}

function isCommandName(label: string): boolean {
  return COMMAND_NAMES.has(label) || label.startsWith(COMMAND_PREFIX);
}

function labelProblem(label: string): string | undefined {
  const foreign = foreignCodePoints(label);
  if (foreign.length > 0) return `contains ${foreign.join(', ')}; only a-z, 0-9 and "-" are allowed`;
  if (isWindowsDevice(label)) return 'is a device name on Windows';
  if (RESERVED.has(label)) return 'is a reserved name';
  if (CORE_MODULES.has(label)) return 'is a module of Node itself';
  if (/[/\\:]/.test(label) || label === '.' || label === '..')
    return 'is a path, not a name; the folder is chosen with --dir';
  if (label.length > MAX_NAME_LENGTH)
    return `has ${label.length} characters, and a DNS label has at most ${MAX_NAME_LENGTH}`;
  if (!/^[a-z]/.test(label)) return 'must start with a letter a-z';
  if (!/^[a-z0-9-]*$/.test(label)) return 'may contain only a-z, 0-9 and "-"';
  if (label.endsWith('-')) return 'must not end with "-"';
  return undefined;
}

function scopeProblem(scope: string): string | undefined {
  const foreign = foreignCodePoints(scope);
  if (foreign.length > 0) return `has a scope with ${foreign.join(', ')}`;
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(scope)) return 'has a scope that npm does not accept (a-z, 0-9, ".", "_" and "-")';
  return undefined;
}

/**
 * Reads `orders` or `@acme/orders`, of a service that is there or of a new one.
 * @throws {RangeError} with the reason and, if there is one, a valid name
 */
export function parseServiceName(input: string): ServiceName {
  const scoped = /^@([^/\\]*)\/([^/\\]*)$/.exec(input);
  const label = scoped ? (scoped[2] ?? '') : input;
  const scope = scoped?.[1];
  if (label === '') throw new RangeError('the name is empty');
  const problem =
    labelProblem(label) ??
    (scope === undefined ? undefined : scopeProblem(scope)) ??
    (input.length > MAX_PACKAGE_NAME_LENGTH ? `is longer than npm's ${MAX_PACKAGE_NAME_LENGTH} characters` : undefined);
  if (problem) throw refused(input, label, problem);
  return scope === undefined ? { name: label } : { name: label, scope };
}

/**
 * Reads the name that is chosen for a new service: it is no command of this program.
 * @throws {RangeError} as {@link parseServiceName} does
 */
export function parseNewName(input: string): ServiceName {
  const parsed = parseServiceName(input);
  if (isCommandName(parsed.name)) throw refused(input, parsed.name, 'is a reserved name');
  return parsed;
}

function refused(input: string, label: string, problem: string): RangeError {
  const suggestion = suggestName(label);
  const hint = suggestion && suggestion !== label ? `; try "${suggestion}"` : '';
  return new RangeError(`"${printable(input.slice(0, 80))}" ${problem}${hint}`);
}

/** The forms of a DNS label that code needs. */
interface NameForms {
  readonly snakeName: string;
  readonly constName: string;
  readonly camelName: string;
  readonly pascalName: string;
}

/** `order-items` as `order_items`, `ORDER_ITEMS`, `orderItems`, `OrderItems`. */
export function nameForms(label: string): NameForms {
  const words = label.split('-').filter((word) => word !== '');
  const capitalised = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const pascalName = capitalised.join('');
  return {
    snakeName: words.join('_'),
    constName: words.join('_').toUpperCase(),
    camelName: pascalName.charAt(0).toLowerCase() + pascalName.slice(1),
    pascalName,
  };
}

/** Replaces the service's name in a path with `<name>`: `docker-compose.<name>.yaml`. */
export function withoutName(path: string, label: string): string {
  const parts = path.split(/([^A-Za-z0-9-]+)/);
  return parts.map((part) => (part === label ? '<name>' : part)).join('');
}
