/** A line of standard output, when it came, and the object in it if it is JSON. */
export interface Line {
  readonly at: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** Parsed when it is needed: most lines are never looked at. */
export class OutputLine implements Line {
  readonly at: number;
  readonly text: string;
  readonly #names: Readonly<Record<string, string>>;
  #parsed: { json: Line['json'] } | undefined;

  /** @param names what this log calls a field, by the contract's name */
  constructor(at: number, text: string, names: Readonly<Record<string, string>> = {}) {
    this.at = at;
    this.text = text;
    this.#names = names;
  }

  get json(): Line['json'] {
    this.#parsed ??= { json: renamed(parseObject(this.text), this.#names) };
    return this.#parsed.json;
  }
}

/** Names of the field for the level, the most common first. */
const LEVEL = ['level', 'severity', 'log.level'];
const WARNING = /^warn(ing)?(\+\d+)?$/i;
const ERROR = /^(err|error|severe|crit|critical|alert|emerg|emergency|d?panic|fatal)(\+\d+)?$/i;

/**
 * Whether the level of a line says that something is wrong. It may be written in upper or lower case, or as a number as pino
 * and bunyan do (40 is a warning, 50 an error).
 * @param least the lowest level that counts
 */
export function isLoud({ json = {} }: Pick<Line, 'json'>, least: 'warn' | 'error' = 'error'): boolean {
  const level = LEVEL.map((name) => json[name]).find((value) => value !== undefined);
  if (typeof level === 'number') return level >= (least === 'warn' ? 40 : 50);
  return ERROR.test(String(level)) || (least === 'warn' && WARNING.test(String(level)));
}

/** A field of a log line, written flat (`"a.b"`) or nested. */
export function field(json: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in json) return json[name];
  return name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], json);
}

function renamed(json: Line['json'], names: Readonly<Record<string, string>>): Line['json'] {
  if (json === undefined) return undefined;
  return { ...json, ...Object.fromEntries(Object.entries(names).map(([ours, theirs]) => [ours, field(json, theirs)])) };
}

function parseObject(text: string): Line['json'] {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
