import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subject } from '../subject.ts';
import type { Evidence, ProcessTarget, Target } from '../types.ts';
import { copyArtifact } from './artifact.ts';
import { Child, type Exit } from './child.ts';
import { type LaunchOptions, launch } from './launch.ts';
import type { OpenApi, WriteOperation } from './openapi.ts';
import { freePort } from './ports.ts';
import type { Database } from './postgres.ts';
import { RawConnection } from './raw-connection.ts';
import { sample } from './sample.ts';
import { Service } from './service.ts';
import type { Session } from './session.ts';
import { TcpProxy } from './tcp-proxy.ts';

export interface RunOptions {
  /** Added to a valid environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What DATABASE_URL names. Without one it names a server that is not there. */
  readonly database?: Pick<Database, 'url'>;
  readonly wrap?: LaunchOptions['wrap'];
  /** Runs a changed copy instead of the target; see `artifact`. */
  readonly target?: Target;
}

/**
 * What a rule's check works with. It owns every process, connection, proxy and folder that the check asks for, and
 * leaves none behind.
 */
export class Harness {
  /** What the check has seen so far. */
  readonly evidence: Evidence[] = [];
  readonly #session: Session;
  readonly #owned: (() => void | Promise<void>)[] = [];
  #temp: string | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  get subject(): Subject {
    return this.#session.subject;
  }

  /** Records an observation. Returns whether it was as expected, for checks that cannot go on otherwise. */
  saw(evidence: Evidence): boolean {
    this.evidence.push(evidence);
    return evidence.ok;
  }

  /** A temporary folder of this check; the service's TMPDIR also. */
  get temp(): string {
    if (this.#temp === undefined) {
      this.#temp = mkdtempSync(join(tmpdir(), 'twelve-probe-'));
      // A container reads it as another user.
      if (this.subject.target.kind === 'image') chmodSync(this.#temp, 0o755);
    }
    return this.#temp;
  }

  /** A complete, valid environment, and nothing of the harness's own. */
  async environment({ env = {}, database }: RunOptions = {}): Promise<Record<string, string>> {
    const { subject } = this;
    const made: Record<string, string | undefined> = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      TMPDIR: this.temp,
      HOST: '127.0.0.1',
    };
    for (const { name, required, schema } of subject.variables) {
      if (required) made[name] = String(sample(schema, schema));
    }
    if (subject.has('DATABASE_URL')) made.DATABASE_URL = database?.url ?? 'postgres://nobody:none@127.0.0.1:1/none';
    if (subject.has('REDIS_URL')) made.REDIS_URL = await this.redisUrl();
    Object.assign(made, subject.target.env, env);
    return Object.fromEntries(
      Object.entries(made).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  /** Starts a verb and does not wait for it. */
  async spawn(args: readonly string[], options: RunOptions = {}): Promise<Child> {
    const target = options.target ?? this.subject.target;
    const env = await this.environment(options);
    const cwd = target.kind === 'process' ? target.folder : this.temp;
    const child = new Child(launch(target, { args, env, cwd, temp: this.temp, wrap: options.wrap }));
    this.#owned.push(() => child.dispose());
    return child;
  }

  /** Runs a verb to its end, in 20 s at most. */
  async run(
    args: readonly string[],
    options: RunOptions & { timeoutMs?: number } = {},
  ): Promise<{ child: Child; exit: Exit }> {
    const child = await this.spawn(args, options);
    return { child, exit: await child.ended(options.timeoutMs ?? 20_000) };
  }

  /**
   * Starts `web` on a free port, on a migrated database of its own where the service has one.
   * @param options.waitMs how long it may take to be ready; 0 does not wait
   */
  async start(options: RunOptions & { waitMs?: number } = {}): Promise<Service> {
    const database = options.database ?? (this.subject.has('DATABASE_URL') ? await this.database() : undefined);
    const port = await freePort();
    const env = { PORT: String(port), ...options.env };
    const child = await this.spawn(['web'], { ...options, ...(database ? { database } : {}), env });
    const service = new Service(child, port);
    if (options.waitMs !== 0) await service.ready(options.waitMs ?? 20_000);
    return service;
  }

  /** A running service that other checks use too: ask and read only. */
  shared(): Promise<Service> {
    return this.#session.shared();
  }

  openApi(): Promise<OpenApi> {
    return this.#session.openApi();
  }

  /** The route that bodies are sent to. @throws when the service describes none */
  async write(): Promise<WriteOperation> {
    const found = (await this.openApi()).write;
    if (!found) throw new Error('/openapi.json has no POST route with a JSON body and without a path parameter');
    return found;
  }

  /** A migrated database of its own. */
  database(): Promise<Database> {
    return this.#session.migratedDatabase();
  }

  /** A database in which nothing was ever done. */
  async emptyDatabase(): Promise<Database> {
    return (await this.subject.backing.postgres()).createDatabase();
  }

  /** A URL of a Redis database that nobody else uses; of a server that is not there where Redis is not installed. */
  async redisUrl(): Promise<string> {
    const { backing } = this.subject;
    return backing.hasRedis ? (await backing.redis()).freshUrl() : 'redis://127.0.0.1:1/0';
  }

  /** The same database through a proxy that can go down. */
  async proxied(database: Database): Promise<{ proxy: TcpProxy; url: string }> {
    const postgres = await this.subject.backing.postgres();
    const proxy = await TcpProxy.open(postgres.host, postgres.port);
    this.#owned.push(() => proxy.down());
    return { proxy, url: postgres.url(database.name, { port: proxy.port }) };
  }

  async connect(service: Service): Promise<RawConnection> {
    const connection = await RawConnection.open(service.port);
    this.#owned.push(() => connection.destroy());
    return connection;
  }

  /** A copy of the service with files added or replaced, by path. */
  artifact(files: Readonly<Record<string, string>>): ProcessTarget {
    return copyArtifact(this.subject.target, this.temp, files);
  }

  /** Ends what is still running and removes the temporary folder. */
  async dispose(): Promise<void> {
    await Promise.all(this.#owned.splice(0).map((end) => end()));
    if (this.#temp !== undefined) rmSync(this.#temp, { recursive: true, force: true });
  }
}
