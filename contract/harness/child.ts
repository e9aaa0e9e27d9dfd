import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { firstChild, groupMembers, hasProcfs } from './procfs.ts';
import { forget, reap } from './reaper.ts';
import { codeOf, sleep, until, within } from './wait.ts';

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Set when `file` starts the program as its child (strace, unshare): signals are for that child. */
  readonly wrapped?: boolean;
  /** Replaces signals and the final kill where the process group is not the program's (docker). */
  readonly remote?: { signal(name: NodeJS.Signals): Promise<void>; remove(): Promise<void> };
  readonly uid?: number;
  readonly gid?: number;
}

/** A line of standard output, when it came, and the object it held if it was JSON. */
export interface Line {
  readonly at: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly at: number;
}

/** A killed process ends at once, except on a machine that has no time for it. */
const DISPOSE_MS = 30_000;

function parseObject(text: string): Line['json'] {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A process in a group of its own, its output kept as lines. Nothing of the group outlives `dispose`. */
export class Child {
  readonly startedAt = performance.now();
  readonly lines: Line[] = [];
  stderr = '';
  exited: Exit | undefined;
  /** Settles when the process has ended and its output was read. */
  readonly exit: Promise<Exit>;
  readonly #launch: Launch;
  readonly #process: ChildProcessWithoutNullStreams;
  #rest = '';

  constructor(launch: Launch) {
    this.#launch = launch;
    const { uid, gid } = launch;
    this.#process = spawn(launch.file, [...launch.args], {
      cwd: launch.cwd,
      env: launch.env,
      detached: true,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    if (this.#process.pid !== undefined) reap(this.#process.pid);
    this.#process.stdin.end();
    this.#process.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
    this.#process.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
    });
    const closed = new Promise<void>((resolve) => this.#process.once('close', () => resolve()));
    this.exit = new Promise<Exit>((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('exit', (code, signal) => {
        const exit = { code, signal, at: performance.now() };
        // A grandchild may hold the pipe open for ever; the process itself has ended.
        void Promise.race([closed, sleep(500)]).then(() => {
          if (this.#rest !== '') this.#read('\n');
          this.exited = exit;
          resolve(exit);
        });
      });
    });
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** Everything that was printed, both streams. */
  get output(): string {
    return `${this.lines.map((line) => line.text).join('\n')}\n${this.#rest}${this.stderr}`;
  }

  /** The program's own process id in the harness's namespace, also under a wrapper. */
  async programPid(): Promise<number> {
    return this.#launch.wrapped ? until('the wrapped program', 5000, () => firstChild(this.pid)) : this.pid;
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    if (this.#launch.remote) await this.#launch.remote.signal(name);
    else send(await this.programPid(), name);
  }

  /** The first line that `match` accepts, also one that was printed before. */
  line(what: string, ms: number, match: (line: Line) => boolean): Promise<Line> {
    return until(what, ms, () => this.lines.find(match));
  }

  ended(ms: number): Promise<Exit> {
    return within('the end of the process', ms, this.exit);
  }

  /** Ends the whole group at once and waits until nothing of it is left. */
  async dispose(): Promise<void> {
    await this.#launch.remote?.remove();
    if (this.pid === -1) return;
    send(-this.pid, 'SIGKILL');
    await within('the end of a killed process', DISPOSE_MS, this.exit);
    if (hasProcfs()) {
      const gone = () => (groupMembers(this.pid).length === 0 ? true : undefined);
      await until('the end of a killed group', DISPOSE_MS, gone);
    }
    forget(this.pid);
  }

  #read(chunk: string): void {
    const parts = (this.#rest + chunk).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const text of parts) this.lines.push({ at: performance.now(), text, json: parseObject(text) });
  }
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
