import type { Backing } from './harness/backing.ts';
import type { Variable } from './harness/variables.ts';
import type { Target } from './types.ts';

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

  has(name: string): boolean {
    return this.variables.some((variable) => variable.name === name);
  }

  /** For rules that start the service. */
  serves(): true | string {
    if (this.has('DATABASE_URL') && !this.backing.hasPostgres) return 'needs PostgreSQL, which is not installed here';
    return true;
  }

  /** For rules about the database. */
  stores(): true | string {
    return this.has('DATABASE_URL') ? this.serves() : 'the service has no DATABASE_URL';
  }

  /** For rules that read the service's files. */
  hasFolder(): true | string {
    return this.target.folder === undefined ? 'the target has no folder' : true;
  }

  /** For rules that only an image can keep. */
  isImage(): true | string {
    return this.target.kind === 'image' ? true : 'the target is not an image';
  }

  isProcess(): true | string {
    return this.target.kind === 'process' ? true : 'the target is not a process';
  }
}

/** The first reason not to apply, or `true`. */
export function all(...conditions: readonly (true | string)[]): true | string {
  return conditions.find((condition) => condition !== true) ?? true;
}
