import type { Form } from './form.ts';
import type { Backing } from './harness/backing/backing.ts';
import type { Health } from './harness/http/health-routes.ts';
import { isKnownToTake, type Variable } from './harness/schema/variables.ts';
import { type Mapping, type Queue, type TimeVariable, timeFor } from './mapping.ts';
import type { Profile } from './profile.ts';
import type { HealthPaths, StartedTarget, Target } from './target.ts';

/** The paths of the contract; a target may have others. */
export const PATHS = { live: '/health/live', ready: '/health/ready' };

/** Longer than any service may take to start (IX-1), since the machine may be busy. */
export const START_MS = 20_000;

/** What Heroku gives a process until it listens (R10), and what IX-1 asks of every service. */
export const BOOT_MS = 60_000;

const NO_HTTP = 'a worker serves no HTTP';

/** What is known about a service before it is probed; rules ask it whether they apply. */
export class Subject {
  readonly target: Target;
  /** From `config --schema`; empty when the service has no such verb. */
  readonly variables: readonly Variable[];
  readonly backing: Backing;
  /** Whether the service said itself which variables it has. */
  readonly describesVariables: boolean;
  #health: Health | undefined;
  #portless: string | undefined;

  constructor(target: Target, variables: readonly Variable[], backing: Backing, describesVariables = false) {
    this.describesVariables = describesVariables;
    this.target = target;
    this.variables = variables;
    this.backing = backing;
  }

  get paths(): HealthPaths {
    return this.#health?.paths ?? { ...PATHS, ...this.target.paths };
  }

  /** Whether its health paths have to be looked for: nobody named them, and it never promised those of the contract. */
  get needsHealth(): boolean {
    const { live, ready } = this.target.paths ?? {};
    const isUnknown = this.#health === undefined && (live === undefined || ready === undefined);
    return isUnknown && this.profile !== 'house' && this.form !== 'worker';
  }

  /** What was found of its health paths, once it was looked for. */
  get health(): Health | undefined {
    return this.#health;
  }

  /** Says once which health paths it has. */
  settleHealth(health: Health): void {
    this.#health = health;
  }

  get profile(): Profile {
    return this.target.profile ?? 'house';
  }

  get form(): Form {
    return this.target.form ?? 'web';
  }

  /** Why nothing can be asked of it, if it runs and listens on no port. */
  get portless(): string | undefined {
    return this.#portless;
  }

  /** Says once that it listens on no port. */
  settlePortless(): void {
    this.#portless = 'it listens on no port';
  }

  /** A start is about to say anew whether it listens. */
  forgetPortless(): void {
    this.#portless = undefined;
  }

  get portVariable(): string {
    return this.target.portVariable ?? 'PORT';
  }

  /** How long a start may take. A platform gives a stranger a minute. */
  get startMs(): number {
    return this.target.startMs ?? (this.profile === 'house' ? START_MS : BOOT_MS);
  }

  /** How long a verb may take, or a start that has to fail. */
  get verbMs(): number {
    return this.target.startMs ?? START_MS;
  }

  get mapping(): Mapping {
    return this.target.mapping ?? {};
  }

  /** The jobs of its worker: those of the mapping, or of a worker that was generated. */
  get queue(): Queue | undefined {
    const [verb, name = ''] = this.target.verb ?? [];
    const isGenerated = this.form === 'worker' && this.profile === 'house' && verb === 'worker';
    return this.mapping.jobs ?? (isGenerated && /^[a-z0-9-]+$/.test(name) ? generatedQueue(name) : undefined);
  }

  /** The environment in which it goes on serving for a time after the signal, if it has a variable for that. */
  shutdownDelay(ms: number): Record<string, string> | undefined {
    const known = this.mapping.shutdownDelay ?? this.#own('SHUTDOWN_DELAY_MS');
    return known && timeFor(known, ms);
  }

  /** The environment that bounds its stop, if it has a variable for that. */
  shutdownTimeout(ms: number): Record<string, string> | undefined {
    const known = this.mapping.shutdownTimeout ?? this.#own('SHUTDOWN_TIMEOUT_MS');
    return known && timeFor(known, ms);
  }

  /** A variable of the contract: it has it by its own words, or it promised to. */
  #own(name: string): TimeVariable | undefined {
    return this.profile === 'house' || this.has(name) ? { name, unit: 'ms' } : undefined;
  }

  /** @throws for a URL, which nobody here can start */
  get started(): StartedTarget {
    if (this.target.kind === 'url') throw new Error('only a URL is given');
    return this.target;
  }

  has(name: string): boolean {
    return this.variables.some((variable) => variable.name === name);
  }

  /**
   * Variables that a probe sets for its own comfort, such as a level of the log: those that the service is known to have with
   * such a value, and that the user did not give.
   */
  comfort(values: Readonly<Record<string, string>>): Record<string, string> {
    const isWanted = ([name, value]: [string, string]) =>
      this.target.env?.[name] === undefined &&
      this.variables.some((variable) => variable.name === name && isKnownToTake(variable, value));
    return Object.fromEntries(Object.entries(values).filter(isWanted));
  }

  isRequired(name: string): boolean {
    return this.variables.some((variable) => variable.name === name && variable.required);
  }

  /** The variable with the URL of its database. */
  get databaseVariable(): string {
    return this.mapping.database ?? 'DATABASE_URL';
  }

  /** The exit code for a bad environment. */
  get configExit(): number {
    return this.mapping.configExit ?? 78;
  }

  /** Variables for a log of everything, as far as it is known to take them. */
  get verboseLog(): Record<string, string> {
    const { logLevel } = this.mapping;
    if (!logLevel) return this.comfort({ LOG_LEVEL: 'trace' });
    return this.target.env?.[logLevel.name] === undefined ? { [logLevel.name]: logLevel.verbose } : {};
  }

  /** Whether it can be given a database: it knows a variable for one, and can migrate. */
  get hasDatabase(): boolean {
    return this.form !== 'stateless' && this.#knowsDatabase && this.migrates() === true;
  }

  get #knowsDatabase(): boolean {
    return this.mapping.database !== undefined || this.has('DATABASE_URL');
  }

  /** For rules that need the schema up to date. */
  migrates(): true | string {
    return this.mapping.migrate === undefined ? this.takesVerbs() : this.starts();
  }

  get hasCache(): boolean {
    return this.has('REDIS_URL') && this.takesVerbs() === true;
  }

  /** For rules that run the service, even if it ends at once. */
  starts(): true | string {
    return this.target.kind === 'url' ? 'only a URL is given, so it cannot be started here' : true;
  }

  /** A sentence about a backing service that it needs and that is not available here, if there is one. */
  get lacks(): string | undefined {
    if (this.hasDatabase && !this.backing.hasPostgres)
      return 'needs PostgreSQL: neither initdb nor a Docker engine is here, and no DATABASE_URL was given';
    if (this.hasCache && this.isRequired('REDIS_URL') && !this.backing.hasRedis)
      return 'needs Redis: neither redis-server nor a Docker engine is here, and no REDIS_URL was given';
    return undefined;
  }

  /** For rules that start the service and need it to run, whether it answers HTTP or not. */
  runs(): true | string {
    return this.#portless ?? this.lacks ?? this.starts();
  }

  /** For rules that start the service and need it to answer. */
  serves(): true | string {
    return this.form === 'worker' ? NO_HTTP : this.runs();
  }

  /** Why it takes no write, if that is known beforehand. */
  get writeless(): string | undefined {
    if (this.form === 'worker') return NO_HTTP;
    return this.form === 'stateless' ? 'a stateless service stores nothing' : undefined;
  }

  /** For rules that only send requests. */
  answers(): true | string {
    return this.target.kind === 'url' ? true : this.serves();
  }

  /** For rules about the database. */
  stores(): true | string {
    const isStateless = this.form === 'stateless' ? 'a stateless service has no database' : true;
    return all(isStateless, this.migrates(), this.#knowsDatabase || 'the service has no DATABASE_URL', this.runs());
  }

  /** For rules that need the verbs of the contract. */
  takesVerbs(): true | string {
    const { target } = this;
    const verbless =
      target.kind === 'image' ? target.serve !== undefined : target.kind === 'process' && target.verbless;
    return verbless ? 'it takes no verb' : this.starts();
  }

  /** For rules that read the service's files. */
  hasFolder(): true | string {
    return this.target.folder === undefined ? 'the target has no folder' : true;
  }

  /** For rules about liveness and readiness. */
  tellsHealth(): true | string {
    return this.#health?.lacks ?? true;
  }

  /** For rules about images. */
  isImage(): true | string {
    return this.target.kind === 'image' ? true : 'the target is not an image';
  }

  isProcess(): true | string {
    return this.target.kind === 'process' ? true : 'the target is not a process';
  }
}

/** The jobs of what `add-worker` makes, as its template has them. */
const generatedQueue = (name: string): Queue => ({
  add: `INSERT INTO jobs (queue, payload) VALUES ('${name}', '{"id": "{random}"}')`,
  left: `SELECT count(*) FROM jobs WHERE queue = '${name}' AND failed_at IS NULL`,
});

/** `true`, or the first reason why a rule does not apply. */
export function all(...conditions: readonly (true | string)[]): true | string {
  return conditions.find((condition) => condition !== true) ?? true;
}
