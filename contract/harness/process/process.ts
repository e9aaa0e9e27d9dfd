/** A program that an engine runs, of which the process here is only the client. */
export interface Remote {
  /** The name of its container. */
  readonly name: string;
  signal(name: NodeJS.Signals): Promise<void>;
  /** Its process id on the machine of the engine, or `undefined` while it does not run. */
  pid(): Promise<number | undefined>;
  remove(): Promise<void>;
}

/** How a process is started. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Put into the environment, so that processes that leave the group are found and ended too. */
  readonly mark?: string;
  /** Set if `file` starts the program as its child (strace, unshare), which gets the signals then. */
  readonly wrapped?: boolean;
  /** Replaces signals and the final kill if the process group is not the program's (docker). */
  readonly remote?: Remote;
  /** Standard output is not read until `resume` is called. */
  readonly paused?: boolean;
  /** Set if it needs SIGQUIT to clean up when this process is killed. */
  readonly quits?: boolean;
  /** What its log calls a field, by the contract's name. */
  readonly logFields?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** How a process ended. Neither a code nor a signal says that it still runs. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** In milliseconds of `performance.now()`. */
  readonly at: number;
}

/** Codes that a shell, and many servers, give for the end by a signal. */
const CODES = { SIGTERM: 143, SIGINT: 130 } as const;

/** Whether a process ended as it was told to: with exit 0, with the code for the signal, or by the signal itself. */
export function isCleanStop({ code, signal }: Exit, told: keyof typeof CODES): boolean {
  return code === 0 || code === CODES[told] || signal === told;
}

/** Whether a process ended, and says that something went wrong. */
export function isFailure(exit: Exit | undefined): boolean {
  return exit !== undefined && exit.code !== 0 && !(exit.code === null && exit.signal === null);
}

/** `exit 0`, `SIGKILL`, or `still running`. */
export function describeExit(exit: Exit | undefined): string {
  if (!exit || (exit.code === null && exit.signal === null)) return 'still running';
  return exit.signal ?? `exit ${exit.code}`;
}
