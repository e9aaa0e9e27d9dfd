import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programFolders } from '../runtimes/index.ts';
import type { Subject } from '../subject.ts';
import type { StartedTarget, Target } from '../target.ts';
import { commandIn } from './artifact.ts';
import type { Database } from './backing/postgres.ts';
import { completeEnvironment, searchPath } from './environment.ts';
import { freePort } from './http/ports.ts';
import { type LaunchOptions, launch } from './launch.ts';
import { Child } from './process/child.ts';
import type { Exit } from './process/process.ts';
import { findProgram } from './process/programs.ts';
import { forget, reap } from './process/reaper.ts';
import { Service } from './service.ts';
import { TimedOut, Unseen } from './wait.ts';
import { WorkerProcess } from './worker-process.ts';

export interface RunOptions {
  /** Added to a valid environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What DATABASE_URL names. If absent, that is a server that is not there. */
  readonly database?: Pick<Database, 'url'>;
  readonly wrap?: LaunchOptions['wrap'];
  /** Runs a changed copy instead of the target; see `artifact`. */
  readonly target?: StartedTarget;
  readonly paused?: boolean;
  /** Its TMPDIR and HOME where `--env` names none; a folder of its own if not given. */
  readonly temp?: string;
}

export interface StartOptions extends RunOptions {
  /** How long it may take to be ready, in milliseconds; 0 does not wait. */
  readonly waitMs?: number;
}

/** A verb that was run, and how it ended. */
export interface Ended {
  readonly child: Child;
  readonly exit: Exit;
}

/** Runs the service and other programs. It owns every process, folder and connection that it hands out, and leaves none behind. */
export class Runner {
  readonly subject: Subject;
  readonly #owned: (() => void | Promise<void>)[] = [];
  readonly #children: Child[] = [];
  #temp: string | undefined;
  #isOver = false;

  constructor(subject: Subject) {
    this.subject = subject;
  }

  /** A temporary folder of its own, which has those of the service's processes. */
  get temp(): string {
    this.refuseWhenOver();
    if (this.#temp === undefined) {
      this.#temp = mkdtempSync(join(tmpdir(), 'twelve-probe-'));
      reap({ kind: 'folder', id: this.#temp });
      // A container reads it as another user.
      if (this.subject.target.kind === 'image') chmodSync(this.#temp, 0o755);
    }
    return this.#temp;
  }

  /** The temporary folder of one process. */
  #ownTemp(): string {
    return this.subject.target.kind === 'image' ? this.temp : mkdtempSync(join(this.temp, 'process-'));
  }

  /**
   * A complete, valid environment that has nothing of this process's own. Each has a TMPDIR and a HOME of its own, as containers
   * have anyway: instances that share files would seem to share what they store.
   */
  async environment({ env = {}, database, temp = this.#ownTemp() }: RunOptions = {}): Promise<Record<string, string>> {
    const redisUrl = this.subject.hasCache ? await this.redisUrl() : undefined;
    return completeEnvironment(this.subject, { env, temp, databaseUrl: database?.url, redisUrl });
  }

  /**
   * Starts a verb and does not wait for it.
   * @throws for every verb but `web` where the service takes none
   */
  async spawn(args: readonly string[], options: RunOptions = {}): Promise<Child> {
    const { mapping } = this.subject;
    const mapped = args[0] === 'migrate' ? mapping.migrate?.[args[1] === '--status' ? 'status' : 'command'] : undefined;
    const target = withCommand(options.target ?? this.subject.started, mapped, this.subject.target);
    const words = args[0] === 'web' ? (this.subject.target.verb ?? args) : args;
    if (args[0] !== 'web' && mapped === undefined && this.subject.takesVerbs() !== true)
      throw new Error(`no verb ${args.join(' ')}: it takes none`);
    const env = { ...(await this.environment(options)), ...migrationsOf(options.target) };
    const { temp } = this;
    const cwd = target.kind === 'process' ? target.folder : temp;
    const paused = options.paused ?? false;
    const child = new Child({
      ...launch(target, { args: words, env, cwd, temp, wrap: options.wrap, paused }),
      ...(mapping.logFields ? { logFields: mapping.logFields } : {}),
    });
    this.#children.push(child);
    this.#owned.push(() => child.dispose());
    return child;
  }

  /** Runs a verb to its end, in the time that a start may take if nothing else is said. */
  async run(args: readonly string[], options: RunOptions & { timeoutMs?: number } = {}): Promise<Ended> {
    const child = await this.spawn(args, options);
    return endOf(child, options.timeoutMs ?? this.subject.verbMs);
  }

  /**
   * Starts `web` on a free port.
   * @throws why it is not ready
   */
  async start(options: StartOptions = {}): Promise<Service> {
    const port = await freePort();
    const child = await this.spawn(['web'], { ...options, env: { ...this.port(port), ...options.env } });
    const service = this.service(child, port);
    if (options.waitMs !== 0) await service.ready(options.waitMs ?? this.subject.startMs);
    return service;
  }

  /** A started `web`, as something that can be talked to. */
  service(child: Child, port: number): Service {
    const Kind = this.subject.form === 'worker' ? WorkerProcess : Service;
    return new Kind(child, port, this.subject.paths, this.subject.target.headers);
  }

  /** The environment that names a port. */
  port(value: number | string): Record<string, string> {
    return { [this.subject.portVariable]: String(value) };
  }

  /** Runs a program that is not the service, such as a package manager, where the service would run. */
  async tool(
    [file, ...args]: readonly [string, ...string[]],
    { cwd, env = {}, timeoutMs = 60_000 }: { cwd: string; env?: Readonly<Record<string, string>>; timeoutMs?: number },
  ): Promise<Ended> {
    const path = findProgram(file, programFolders(cwd));
    if (path === undefined) throw new Unseen(`needs ${file}, which is not installed here`);
    const PATH = [...new Set([searchPath(this.subject.target), process.env.PATH ?? ''])].join(':');
    const given = { PATH, HOME: this.temp, TMPDIR: this.temp, ...env };
    const child = new Child({ file: path, args, cwd, env: given, mark: randomUUID() });
    this.#owned.push(() => child.dispose());
    return endOf(child, timeoutMs);
  }

  /** A URL of a Redis database that nothing else uses. Without Redis it names a server that is not there. */
  async redisUrl(): Promise<string> {
    const { backing } = this.subject;
    return backing.hasRedis ? backing.redisUrl() : 'redis://127.0.0.1:1/0';
  }

  /** How many processes of the service it has started. */
  get starts(): number {
    return this.#children.length;
  }

  /** Whether all that it has started runs on, and was told nothing. */
  get isIntact(): boolean {
    return this.#children.every(({ exited, flooded, isTold }) => !exited && !flooded && !isTold);
  }

  /** Why its processes were ended, if they wrote too much. */
  get floods(): string[] {
    return this.#children.flatMap(({ flooded }) => flooded ?? []);
  }

  /** Ends what is still running and removes the temporary folder. Nothing more is handed out then. */
  async dispose(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#owned.splice(0).map((end) => end()));
    if (this.#temp === undefined) return;
    rmSync(this.#temp, { recursive: true, force: true });
    forget({ kind: 'folder', id: this.#temp });
    this.#temp = undefined;
  }

  /**
   * Keeps something until `dispose`, which calls `end`.
   * @throws when `dispose` was called while the thing was made; it has been ended then
   */
  async own<Thing>(thing: Thing, end: () => void | Promise<void>): Promise<Thing> {
    if (this.#isOver) await end();
    this.refuseWhenOver();
    this.#owned.push(end);
    return thing;
  }

  protected refuseWhenOver(): void {
    if (this.#isOver) throw new Error('the check is over');
  }
}

/** The same program's folder or image with another command, which takes no verb. In a copy it runs the files of the copy. */
function withCommand(
  target: StartedTarget,
  command: readonly string[] | undefined,
  { folder }: Pick<Target, 'folder'>,
): StartedTarget {
  if (command === undefined) return target;
  if (target.kind === 'image') return { ...target, serve: command };
  return { ...target, command: commandIn(command, folder, target.folder), verbless: true };
}

/** A program that carries its migrations is told where those of a changed copy are. */
function migrationsOf(copy: StartedTarget | undefined): Record<string, string> {
  const folder = copy?.kind === 'process' ? join(copy.folder, 'migrations') : undefined;
  return folder !== undefined && existsSync(folder) ? { TWELVE_MIGRATIONS: folder } : {};
}

async function endOf(child: Child, ms: number): Promise<Ended> {
  const exit = await child.ended(ms).catch((error: Error): Exit => {
    if (!(error instanceof TimedOut)) throw error;
    return { code: null, signal: null, at: performance.now() };
  });
  return { child, exit };
}
