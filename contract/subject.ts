import type { Backing } from './harness/backing/backing.ts';
import type { Variable } from './harness/schema/variables.ts';
import type { HealthPaths, StartedTarget, Target } from './target.ts';

/** The paths of the contract; a target may have others. */
export const PATHS: HealthPaths = { live: '/health/live', ready: '/health/ready' };

/** Longer than any service may take to start (IX-1), since the machine may be busy. */
export const START_MS = 20_000;

/** What is known about a service before it is probed; rules ask it whether they apply. */
export class Subject {
  readonly target: Target;
  /** From `config --schema`; empty when the service has no such verb. */
  readonly variables: readonly Variable[];
  readonly backing: Backing;

  constructor(target: Target, variables: readonly Variable[], backing: Backing) {
    this.target = target;
    this.variables = variables;
    this.backing = backing;
  }

  get paths(): HealthPaths {
    return this.target.paths ?? PATHS;
  }

  get portVariable(): string {
    return this.target.portVariable ?? 'PORT';
  }

  get startMs(): number {
    return this.target.startMs ?? START_MS;
  }

  /** @throws for a URL, which nobody here can start */
  get started(): StartedTarget {
    if (this.target.kind === 'url') throw new Error('only a URL is given');
    return this.target;
  }

  has(name: string): boolean {
    return this.variables.some((variable) => variable.name === name);
  }

  isRequired(name: string): boolean {
    return this.variables.some((variable) => variable.name === name && variable.required);
  }

  /** Whether it can be given a database: it knows DATABASE_URL and can migrate. */
  get hasDatabase(): boolean {
    return this.has('DATABASE_URL') && this.takesVerbs() === true;
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

  /** For rules that start the service and need it to be ready. */
  serves(): true | string {
    return this.lacks ?? this.starts();
  }

  /** For rules that only send requests. */
  answers(): true | string {
    return this.target.kind === 'url' ? true : this.serves();
  }

  /** For rules about the database. */
  stores(): true | string {
    return all(this.takesVerbs(), this.has('DATABASE_URL') || 'the service has no DATABASE_URL', this.serves());
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

  /** For rules about images. */
  isImage(): true | string {
    return this.target.kind === 'image' ? true : 'the target is not an image';
  }

  isProcess(): true | string {
    return this.target.kind === 'process' ? true : 'the target is not a process';
  }
}

/** `true`, or the first reason why a rule does not apply. */
export function all(...conditions: readonly (true | string)[]): true | string {
  return conditions.find((condition) => condition !== true) ?? true;
}
