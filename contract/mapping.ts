/** What a service calls the things that the contract has names for. All of it is optional: a stranger says what it has. */
export interface Mapping {
  /** The variable with the URL of its database, if not DATABASE_URL. */
  readonly database?: string;
  /** The variable with the level of its log, and the value for everything. */
  readonly logLevel?: { readonly name: string; readonly verbose: string };
  readonly shutdownDelay?: TimeVariable;
  readonly shutdownTimeout?: TimeVariable;
  /** The exit code for a bad environment, if not 78. */
  readonly configExit?: number;
  /** What its log calls a field, by the contract's name. A dot in a name goes into an object. */
  readonly logFields?: Readonly<Record<string, string>>;
  /** A path that takes a POST, with a body that it accepts. `{random}` in a text of the body is different each time. */
  readonly write?: { readonly path: string; readonly body: Readonly<Record<string, unknown>> };
  /** A path whose GET takes a second or more. */
  readonly slow?: string;
  readonly jobs?: Queue;
  /** Absolute program and arguments that bring the schema up to date, and that say what is pending. */
  readonly migrate?: { readonly command: readonly string[]; readonly status?: readonly string[] };
}

/** Jobs in the database of a service. */
export interface Queue {
  /** The verb that runs a worker for them, with its arguments, if the service is not a worker itself. */
  readonly verb?: readonly string[];
  /** A statement that adds one. `{random}` is another UUID each time. */
  readonly add: string;
  /** A query for the number of those that are not done. */
  readonly left: string;
  /** How soon others take a job whose worker has ended, in milliseconds, if that is known. */
  readonly againMs?: number;
}

/** A variable that takes a time, as a number of milliseconds or of seconds. */
export interface TimeVariable {
  readonly name: string;
  readonly unit: 'ms' | 's';
}

/** The environment that gives a variable a time. @param ms in milliseconds; rounded up where the unit is seconds */
export function timeFor({ name, unit }: TimeVariable, ms: number): Record<string, string> {
  return { [name]: String(unit === 'ms' ? ms : Math.ceil(ms / 1000)) };
}
