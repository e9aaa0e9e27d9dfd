import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Remote } from '../image/docker.ts';
import { codeOf, HarnessFailure, until, within } from '../wait.ts';
import { type Line, OutputLine } from './line.ts';
import { descendants, firstChild, groupMembers, hasProcfs, processesWith, startOf } from './procfs.ts';
import { forget, MARK, type Mortal, reap } from './reaper.ts';
import { spawnPiped } from './spawn-piped.ts';

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Put into the environment, so that what leaves the process group is found and ended too. */
  readonly mark?: string;
  /** Set when `file` starts the program as its child (strace, unshare): signals are for that child. */
  readonly wrapped?: boolean;
  /** Replaces signals and the final kill where the process group is not the program's (docker). */
  readonly remote?: Remote;
  /** Standard output is not read until `resume` is called. */
  readonly paused?: boolean;
  /** Set when it needs SIGQUIT to clean up, should this process be killed. */
  readonly quits?: boolean;
  readonly uid?: number;
  readonly gid?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly at: number;
}

/** A killed process ends at once, except on a machine that has no time for it. */
const DISPOSE_MS = 30_000;
/** What a service may write while it is looked at: 100 times what a talkative one does. */
const OUTPUT_BYTES = 64 * 1024 * 1024;
/** How often it is asked for its children: one that it starts and leaves at once may be missed. */
const CHILDREN_MS = 250;

/** A process in a group of its own, its output kept as lines. Nothing that it started outlives `dispose`. */
export class Child {
  readonly startedAt = performance.now();
  readonly lines: Line[] = [];
  stderr = '';
  exited: Exit | undefined;
  /** Set when it wrote more than OUTPUT_BYTES, and was ended for it. */
  flooded: string | undefined;
  /** Settles when the process has ended and its output was read. */
  readonly exit: Promise<Exit>;
  readonly #launch: Launch;
  readonly #process: ChildProcess;
  readonly #stdout: Readable;
  readonly #stderr: Readable;
  readonly #mortals: readonly Mortal[];
  /** What it started, by process id, with the time of the start. */
  readonly #descendants = new Map<number, string>();
  /** Its process id may be another's from then on. */
  #hasEnded = false;
  readonly #watch: NodeJS.Timeout | undefined;
  #rest: string[] = [];
  #bytes = 0;

  /** What it cannot start is told by `exit`: HarnessFailure. */
  constructor(launch: Launch) {
    this.#launch = launch;
    const { uid, gid, mark, remote } = launch;
    // Before it starts: a harness that is killed in between must not leave it.
    const known: Mortal[] = [
      ...(mark === undefined ? [] : [{ kind: 'marked', id: mark } as const]),
      ...(remote === undefined ? [] : [{ kind: 'container', id: remote.name } as const]),
    ];
    known.forEach(reap);
    const piped = spawnPiped(launch.file, launch.args, {
      cwd: launch.cwd,
      env: mark === undefined ? launch.env : { ...launch.env, [MARK]: mark },
      detached: true,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    this.#process = piped.process;
    this.#stdout = piped.stdout.setEncoding('utf8');
    this.#stderr = piped.stderr.setEncoding('utf8');
    const { pid } = this.#process;
    const group: Mortal[] = pid === undefined ? [] : [{ kind: launch.quits ? 'server' : 'group', id: pid }];
    group.forEach(reap);
    this.#mortals = [...group, ...known];
    if (mark !== undefined && hasProcfs())
      this.#watch = setInterval(() => this.#lookForChildren(), CHILDREN_MS).unref();
    this.#process.stdin?.on('error', () => undefined).end();
    if (!launch.paused) this.resume();
    this.#stderr.on('data', (chunk: string) => {
      if (this.#fits(chunk)) this.stderr += chunk;
    });
    const isClosed = (stream: Readable) => new Promise<void>((resolve) => stream.once('close', () => resolve()));
    const closed = Promise.all([this.#stdout, this.#stderr].map(isClosed));
    this.exit = new Promise<Exit>((resolve, reject) => {
      this.#process.once('error', (cause: NodeJS.ErrnoException) => {
        reject(new HarnessFailure(`${launch.file} cannot be started: ${cause.code ?? cause.message}`, { cause }));
      });
      this.#process.once('exit', (code, signal) => {
        const exit = { code, signal, at: performance.now() };
        this.#hasEnded = true;
        // A grandchild may hold the pipe open for ever; the process itself has ended.
        const read = within('the end of its output', 500, closed).catch(() => undefined);
        void read.then(() => {
          if (this.#rest.length > 0) this.#read('\n');
          this.exited = exit;
          resolve(exit);
        });
      });
    });
    // It is looked at when somebody waits for the end; until then it is no unhandled rejection.
    this.exit.catch(() => undefined);
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** Set when it is the client of an engine that runs the program. */
  get remote(): Remote | undefined {
    return this.#launch.remote;
  }

  /** Everything that was printed, both streams. */
  get output(): string {
    return `${this.lines.map((line) => line.text).join('\n')}\n${this.#rest.join('')}${this.stderr}`;
  }

  /** Process ids of what it has started and is still there, itself included, also outside of its process group. */
  members(): number[] {
    if (!hasProcfs()) return this.exited ? [] : [this.pid];
    const { mark } = this.#launch;
    const marked = mark === undefined ? [] : processesWith(`${MARK}=${mark}`);
    if (mark !== undefined) this.#lookForChildren();
    return [...new Set([...groupMembers(this.pid), ...marked, ...this.#living()])];
  }

  /** The program's own process id in the harness's namespace, also under a wrapper. */
  async programPid(): Promise<number> {
    return this.#launch.wrapped ? until('the wrapped program', 5000, () => firstChild(this.pid)) : this.pid;
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    if (this.#launch.remote) await this.#launch.remote.signal(name);
    else send(await this.programPid(), name);
  }

  /** Starts to read standard output. */
  resume(): void {
    this.#stdout.on('data', (chunk: string) => this.#read(chunk));
  }

  /** The first line that `match` accepts, also one that was printed before. */
  line(what: string, ms: number, match: (line: Line) => boolean): Promise<Line> {
    return until(what, ms, () => this.lines.find(match));
  }

  ended(ms: number): Promise<Exit> {
    return within('the end of the process', ms, this.exit);
  }

  /** Ends all that it started at once and waits until nothing of it is left. */
  async dispose(): Promise<void> {
    await this.#launch.remote?.remove();
    clearInterval(this.#watch);
    if (this.pid === -1) return;
    const members = this.members();
    send(-this.pid, 'SIGKILL');
    for (const pid of members) send(pid, 'SIGKILL');
    await until(
      'the end of what a process started',
      DISPOSE_MS,
      () => {
        const left = this.members().filter((pid) => pid !== this.pid);
        for (const pid of left) send(pid, 'SIGKILL');
        return left.length === 0 ? true : undefined;
      },
      40,
    );
    await within('the end of a killed process', DISPOSE_MS, this.exit);
    this.#stdout.destroy();
    this.#stderr.destroy();
    this.#mortals.forEach(forget);
  }

  /** What has emptied its environment and left the group is still a child of something that it started. */
  #lookForChildren(): void {
    const known = this.#living();
    for (const pid of descendants(this.#hasEnded ? known : [this.pid, ...known])) {
      const startedAt = this.#descendants.has(pid) ? undefined : startOf(pid);
      if (startedAt !== undefined) this.#descendants.set(pid, startedAt);
    }
  }

  #living(): number[] {
    return [...this.#descendants].filter(([pid, at]) => startOf(pid) === at).map(([pid]) => pid);
  }

  #fits(chunk: string): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes <= OUTPUT_BYTES) return true;
    if (this.flooded === undefined) {
      const ms = Math.round(performance.now() - this.startedAt);
      this.flooded = `it wrote more than ${OUTPUT_BYTES / 1024 / 1024} MiB of log in ${ms} ms, and was ended`;
      this.#stdout.destroy();
      this.#stderr.destroy();
      for (const pid of [-this.pid, ...this.members()]) send(pid, 'SIGKILL');
    }
    return false;
  }

  #read(chunk: string): void {
    if (!this.#fits(chunk)) return;
    const [first = '', ...parts] = chunk.split('\n');
    this.#rest.push(first);
    if (parts.length === 0) return;
    const next = parts.pop() ?? '';
    for (const text of [this.#rest.join(''), ...parts]) this.lines.push(new OutputLine(performance.now(), text));
    this.#rest = next === '' ? [] : [next];
  }
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
