import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { codeOf, HarnessFailure, until, within } from '../wait.ts';
import { Family } from './family.ts';
import { type Line, OutputLine } from './line.ts';
import type { Exit, Launch, Remote } from './process.ts';
import { firstChild, hasProcfs } from './procfs.ts';
import { forget, MARK, type Mortal, reap } from './reaper.ts';
import { spawnPiped } from './spawn-piped.ts';

/** A killed process ends at once, except on a very busy machine. */
const DISPOSE_MS = 30_000;
/** How much a service may write while it is looked at: 100 times as much as a talkative one does. */
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** A process in a group of its own, its output kept as lines. Nothing that it started outlives `dispose`. */
export class Child {
  readonly startedAt = performance.now();
  readonly lines: Line[] = [];
  stderr = '';
  exited: Exit | undefined;
  /** Set when it was ended because it wrote more than OUTPUT_BYTES. */
  flooded: string | undefined;
  /** Settles when the process has ended and its output was read. */
  readonly exit: Promise<Exit>;
  readonly #launch: Launch;
  readonly #process: ChildProcess;
  readonly #stdout: Readable;
  readonly #stderr: Readable;
  readonly #mortals: readonly Mortal[];
  readonly #family: Family;
  #rest: string[] = [];
  #bytes = 0;

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
    this.#stdout = piped.stdout.setEncoding('utf8');
    this.#stderr = piped.stderr.setEncoding('utf8');
    const { pid } = this.#process;
    const group: Mortal[] = pid === undefined ? [] : [{ kind: launch.quits ? 'server' : 'group', id: pid }];
    group.forEach(reap);
    this.#mortals = [...group, ...known];
    this.#family = new Family(this.pid, mark);
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
        this.#family.ended();
        // A grandchild may hold the pipe open for ever, though the process itself has ended.
        const read = within('the end of its output', 500, closed).catch(() => undefined);
        void read.then(() => {
          if (this.#rest.length > 0) this.#read('\n');
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

  /** Everything that was printed, both streams. */
  get output(): string {
    return `${this.lines.map((line) => line.text).join('\n')}\n${this.#rest.join('')}${this.stderr}`;
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

  /** Kills it with all that it started, and waits until nothing is left. */
  async dispose(): Promise<void> {
    await this.#launch.remote?.remove();
    this.#family.forget();
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
