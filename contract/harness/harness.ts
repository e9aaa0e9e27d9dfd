import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evidence, Observation } from '../evidence.ts';
import type { Subject } from '../subject.ts';
import type { ProcessTarget, StartedTarget } from '../target.ts';
import { copyArtifact } from './artifact.ts';
import type { Database } from './backing/postgres.ts';
import { completeEnvironment, searchPath } from './environment.ts';
import type { Endpoint } from './http/endpoint.ts';
import { freePort } from './http/ports.ts';
import type { RawConnection } from './http/raw-connection.ts';
import { TcpProxy } from './http/tcp-proxy.ts';
import { type LaunchOptions, launch } from './launch.ts';
import { Child } from './process/child.ts';
import type { Exit } from './process/process.ts';
import { findProgram } from './process/programs.ts';
import { forget, reap } from './process/reaper.ts';
import type { OpenApi, WriteOperation } from './schema/openapi.ts';
import { Service } from './service.ts';
import type { Session } from './session.ts';
import { TimedOut, Unseen } from './wait.ts';

export interface RunOptions {
  /** Added to a valid environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What DATABASE_URL names. Without one it names a server that is not there. */
  readonly database?: Pick<Database, 'url'>;
  readonly wrap?: LaunchOptions['wrap'];
  /** Runs a changed copy instead of the target; see `artifact`. */
  readonly target?: StartedTarget;
  readonly paused?: boolean;
}

/** A verb that was run, and how it ended. An exit without code and signal says that it still runs. */
export interface Ended {
  readonly child: Child;
  readonly exit: Exit;
}

/**
 * What a rule's check works with. It owns every process, connection, proxy and folder that the check asks for, and
 * leaves none behind.
 */
export class Harness {
  /** What the check has seen so far. */
  readonly evidence: Evidence[] = [];
  /** What the check could not look at, and why; the rule is judged by the rest. */
  readonly leftOut: string[] = [];
  readonly #began = performance.now();
  readonly #session: Session;
  readonly #owned: (() => void | Promise<void>)[] = [];
  readonly #children: Child[] = [];
  #temp: string | undefined;
  #usesShared = false;
  #isOver = false;

  constructor(session: Session) {
    this.#session = session;
  }

  get subject(): Subject {
    return this.#session.subject;
  }

  /** Records an observation. Returns whether it was as expected, for checks that cannot go on otherwise. */
  saw(observation: Observation): boolean {
    this.evidence.push({ ...observation, ms: performance.now() - this.#began });
    return observation.ok;
  }

  /** A temporary folder of this check; the service's TMPDIR also. */
  get temp(): string {
    this.#refuseWhenOver();
    if (this.#temp === undefined) {
      this.#temp = mkdtempSync(join(tmpdir(), 'twelve-probe-'));
      reap({ kind: 'folder', id: this.#temp });
      // A container reads it as another user.
      if (this.subject.target.kind === 'image') chmodSync(this.#temp, 0o755);
    }
    return this.#temp;
  }

  /** A complete, valid environment, and nothing of the harness's own. */
  async environment({ env = {}, database }: RunOptions = {}): Promise<Record<string, string>> {
    const { subject } = this;
    const redisUrl = subject.hasCache ? await this.redisUrl() : undefined;
    return completeEnvironment(subject, { env, temp: this.temp, databaseUrl: database?.url, redisUrl });
  }

  /**
   * Starts a verb and does not wait for it.
   * @throws for every verb but `web` where the service takes none
   */
  async spawn(args: readonly string[], options: RunOptions = {}): Promise<Child> {
    const target = options.target ?? this.subject.started;
    if (args[0] !== 'web' && this.subject.takesVerbs() !== true)
      throw new Error(`no verb ${args.join(' ')}: it takes none`);
    const env = await this.environment(options);
    const { temp } = this;
    const cwd = target.kind === 'process' ? target.folder : temp;
    const paused = options.paused ?? false;
    const child = new Child(launch(target, { args, env, cwd, temp, wrap: options.wrap, paused }));
    this.#children.push(child);
    this.#owned.push(() => child.dispose());
    return child;
  }

  /** Runs a verb to its end, in the time that a start may take if nothing else is said. */
  async run(args: readonly string[], options: RunOptions & { timeoutMs?: number } = {}): Promise<Ended> {
    const child = await this.spawn(args, options);
    return this.#end(child, options.timeoutMs ?? this.subject.startMs);
  }

  /**
   * Starts `web` on a free port, on a migrated database of its own where the service has one.
   * @param options.waitMs how long it may take to be ready; 0 does not wait
   * @throws why it is not ready; at once, when it is known from another start
   */
  async start(options: RunOptions & { waitMs?: number } = {}): Promise<Service> {
    if (options.waitMs !== 0 && this.#session.failure) throw this.#session.failure;
    const database = options.database ?? (this.subject.hasDatabase ? await this.database() : undefined);
    const port = await freePort();
    const env = { ...this.port(port), ...options.env };
    const child = await this.spawn(['web'], { ...options, ...(database ? { database } : {}), env });
    const service = this.service(child, port);
    if (options.waitMs !== 0) await service.ready(options.waitMs ?? this.subject.startMs);
    return service;
  }

  /** A started `web`, as something that can be talked to. */
  service(child: Child, port: number): Service {
    return new Service(child, port, this.subject.paths, this.subject.target.headers);
  }

  /** The environment that names a port. */
  port(value: number | string): Record<string, string> {
    return { [this.subject.portVariable]: String(value) };
  }

  /** Runs a program that is not the service, such as npm, in the service's place; nothing of it outlives the check. */
  async tool(
    [file, ...args]: readonly [string, ...string[]],
    { cwd, env = {}, timeoutMs = 60_000 }: { cwd: string; env?: Readonly<Record<string, string>>; timeoutMs?: number },
  ): Promise<Ended> {
    const path = findProgram(file);
    if (path === undefined) throw new Unseen(`needs ${file}, which is not installed here`);
    const PATH = [...new Set([searchPath(this.subject.target), process.env.PATH ?? ''])].join(':');
    const given = { PATH, HOME: this.temp, TMPDIR: this.temp, ...env };
    const child = new Child({ file: path, args, cwd, env: given, mark: randomUUID() });
    this.#owned.push(() => child.dispose());
    return this.#end(child, timeoutMs);
  }

  /** What a verb that only prints does in a valid environment. */
  printed(args: readonly string[]): Promise<Ended> {
    return this.#session.run(args);
  }

  /** A running service that other checks use too: send requests that it can take, change nothing else. */
  shared(): Promise<Service> {
    this.#usesShared = true;
    return this.#session.shared();
  }

  /** One more instance of the service that is shared, on the same backing services; this check's own. */
  async sibling(options: Pick<RunOptions, 'env'> = {}): Promise<Service> {
    const backing = await this.#session.backing();
    return this.start({ ...backing, env: { ...backing.env, ...options.env } });
  }

  /** What only requests are sent to: the running service that others use too, or the one that somebody else runs. */
  endpoint(): Promise<Endpoint> {
    this.#usesShared = true;
    return this.#session.endpoint();
  }

  openApi(): Promise<OpenApi> {
    return this.#session.openApi();
  }

  /**
   * The route that bodies are sent to, if the service describes one.
   * @param without what is left out where there is none; it is recorded
   */
  async findWrite(without?: string): Promise<WriteOperation | undefined> {
    const write = await this.#session.write();
    if (!(write instanceof Unseen)) return write;
    if (without !== undefined) this.leftOut.push(`${without}: ${write.message}`);
    return undefined;
  }

  /** The route that bodies are sent to. @throws Unseen when the service describes none, or none that takes what is made for it */
  async write(): Promise<WriteOperation> {
    const write = await this.#session.write();
    if (write instanceof Unseen) throw write;
    return write;
  }

  /** A migrated database of its own. */
  async database(): Promise<Database> {
    this.#refuseWhenOver();
    return this.#session.migratedDatabase();
  }

  /** A database in which nothing was ever done. */
  async emptyDatabase(): Promise<Database> {
    this.#refuseWhenOver();
    return (await this.subject.backing.postgres()).createDatabase();
  }

  /** A URL of a Redis database that nobody else uses; of a server that is not there where Redis is not installed. */
  async redisUrl(): Promise<string> {
    const { backing } = this.subject;
    return backing.hasRedis ? backing.redisUrl() : 'redis://127.0.0.1:1/0';
  }

  /** The same database through a proxy that can go down. @throws Unseen where the service has to see the server's own name */
  async proxied(database: Database): Promise<{ proxy: TcpProxy; url: string }> {
    const mode = new URL(database.url).searchParams.get('sslmode');
    if (mode !== null && !['disable', 'allow', 'prefer'].includes(mode))
      throw new Unseen(`no proxy can stand before a database that is asked for its certificate (sslmode=${mode})`);
    const postgres = await this.subject.backing.postgres();
    const proxy = await TcpProxy.open(postgres.host, postgres.port);
    await this.#own(proxy, () => proxy.close());
    return { proxy, url: postgres.url(database.name, { host: '127.0.0.1', port: proxy.port }) };
  }

  async connect(endpoint: Endpoint): Promise<RawConnection> {
    const connection = await endpoint.connect();
    return this.#own(connection, () => connection.destroy());
  }

  /** A copy of the service with files added or replaced, by path. */
  artifact(files: Readonly<Record<string, string>>): ProcessTarget {
    return copyArtifact(this.subject.target, this.temp, files);
  }

  /** What processes that this check looked at were ended for, if they wrote without an end. */
  get floods(): string[] {
    const own = this.#children.flatMap(({ flooded }) => flooded ?? []);
    return this.#usesShared ? [...own, ...this.#session.floods] : own;
  }

  /** Ends what is still running and removes the temporary folder. A check that goes on all the same gets nothing more. */
  async dispose(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#owned.splice(0).map((end) => end()));
    if (this.#temp === undefined) return;
    rmSync(this.#temp, { recursive: true, force: true });
    forget({ kind: 'folder', id: this.#temp });
    this.#temp = undefined;
  }

  /** What took a while to come: kept until the end, or ended at once if that has been meanwhile. */
  async #own<Thing>(thing: Thing, end: () => void | Promise<void>): Promise<Thing> {
    if (this.#isOver) await end();
    this.#refuseWhenOver();
    this.#owned.push(end);
    return thing;
  }

  #refuseWhenOver(): void {
    if (this.#isOver) throw new Error('the check is over');
  }

  async #end(child: Child, ms: number): Promise<Ended> {
    const exit = await child.ended(ms).catch((error: Error): Exit => {
      if (!(error instanceof TimedOut)) throw error;
      return { code: null, signal: null, at: performance.now() };
    });
    return { child, exit };
  }
}
