import type { ChildProcess } from 'node:child_process';
import { codeOf, HarnessFailure, until, within } from '../wait.ts';
import { Family } from './family.ts';
import type { Line } from './line.ts';
import { Output } from './output.ts';
import type { Exit, Launch, Remote } from './process.ts';
import { firstChild, hasProcfs } from './procfs.ts';
import { forget, MARK, type Mortal, reap } from './reaper.ts';
import { spawnPiped } from './spawn-piped.ts';

/** A killed process ends at once, except on a very busy machine. */
const DISPOSE_MS = 30_000;

/** A process in a group of its own, its output kept as lines. Nothing that it started outlives `dispose`. */
export class Child {
  readonly startedAt = performance.now();
  exited: Exit | undefined;
  /** Set when it could not be started at all. */
  failed: HarnessFailure | undefined;
  /** Whether it was sent a signal. */
  isTold = false;
  /** Settles when the process has ended and its output was read. */
  readonly exit: Promise<Exit>;
  readonly #launch: Launch;
  readonly #process: ChildProcess;
  readonly #output: Output;
  readonly #mortals: readonly Mortal[];
  readonly #family: Family;

  /** If the program cannot be started, `exit` rejects with HarnessFailure. */
  constructor(launch: Launch) {
    this.#launch = launch;
    const { uid, gid, mark, remote } = launch;
    // Registered before the start: a harness that is killed in between must not leave the process.
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
    this.#output = new Output(piped, { names: launch.logFields, onFlood: () => this.#kill() });
    const { pid } = this.#process;
    const group: Mortal[] = pid === undefined ? [] : [{ kind: launch.quits ? 'server' : 'group', id: pid }];
    group.forEach(reap);
    this.#mortals = [...group, ...known];
    this.#family = new Family(this.pid, mark);
    this.#process.stdin?.on('error', () => undefined).end();
    if (!launch.paused) this.resume();
    this.exit = new Promise<Exit>((resolve, reject) => {
      this.#process.once('error', (cause: NodeJS.ErrnoException) => {
        this.failed = new HarnessFailure(`${launch.file} cannot be started: ${cause.code ?? cause.message}`, { cause });
        reject(this.failed);
      });
      this.#process.once('exit', (code, signal) => {
        const exit = { code, signal, at: performance.now() };
        this.#family.ended();
        // A grandchild may hold the pipe open for ever, though the process itself has ended.
        const read = within('the end of its output', 500, this.#output.closed).catch(() => undefined);
        void read.then(() => {
          this.#output.finish();
          this.exited = exit;
          resolve(exit);
        });
      });
    });
    // The error is for those who wait for the end. It must not be an unhandled rejection until then.
    this.exit.catch(() => undefined);
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** Set if an engine runs the program, and this process is only its client. */
  get remote(): Remote | undefined {
    return this.#launch.remote;
  }

  /** Its temporary folder, if it was given one. */
  get temp(): string | undefined {
    return this.#launch.env.TMPDIR;
  }

  get lines(): readonly Line[] {
    return this.#output.lines;
  }

  get stderr(): string {
    return this.#output.stderr;
  }

  /** Everything that was printed, both streams. */
  get output(): string {
    return this.#output.text;
  }

  /** Set when it was ended because it wrote too much. */
  get flooded(): string | undefined {
    return this.#output.flooded;
  }

  /** Ids of all processes that it has started and that still run, its own included, also outside of its process group. */
  members(): number[] {
    if (!hasProcfs()) return this.exited ? [] : [this.pid];
    return this.#family.members();
  }

  /** The program's own process id in the harness's namespace, also under a wrapper. */
  async programPid(): Promise<number> {
    return this.#launch.wrapped ? until('the wrapped program', 5000, () => firstChild(this.pid)) : this.pid;
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    this.isTold = true;
    // What could not be started has no process id, and -1 is that of all processes.
    if (this.pid === -1) return;
    this.#family.look();
    if (this.#launch.remote) await this.#launch.remote.signal(name);
    else send(await this.programPid(), name);
  }

  /** Reads standard output, from the start or after `pause`. */
  resume(): void {
    this.#output.resume();
  }

  /** Reads no more of standard output. */
  pause(): void {
    this.#output.pause();
  }

  /** When it first wrote something after a moment, on either stream. */
  wroteAfter(from: number): number | undefined {
    return this.#output.wroteAfter(from);
  }

  /** The first line that `match` accepts, also one that was printed before. */
  line(what: string, ms: number, match: (line: Line) => boolean): Promise<Line> {
    return until(what, ms, () => this.lines.find(match));
  }

  ended(ms: number): Promise<Exit> {
    return within('the end of the process', ms, this.exit);
  }

  /** Kills it with all that it started, and waits until nothing is left. */
  async dispose(): Promise<void> {
    await this.#launch.remote?.remove();
    this.#family.forget();
    if (this.pid === -1) return;
    this.#kill();
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
    this.#output.destroy();
    this.#mortals.forEach(forget);
  }

  #kill(): void {
    for (const pid of [-this.pid, ...this.members()]) send(pid, 'SIGKILL');
  }
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
