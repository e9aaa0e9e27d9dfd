import type { Evidence, Observation } from '../evidence.ts';
import type { ProcessTarget } from '../target.ts';
import { copyArtifact } from './artifact.ts';
import type { Database } from './backing/postgres.ts';
import type { Endpoint } from './http/endpoint.ts';
import type { RawConnection } from './http/raw-connection.ts';
import { TcpProxy } from './http/tcp-proxy.ts';
import { type Ended, Runner, type RunOptions, type StartOptions } from './runner.ts';
import type { OpenApi, WriteOperation } from './schema/openapi.ts';
import type { Service } from './service.ts';
import type { Session } from './session.ts';
import { Unseen } from './wait.ts';

/** What a rule's check works with: a runner of its own, what the session shares, and the record of what was seen. */
export class Harness extends Runner {
  /** What the check has seen so far. */
  readonly evidence: Evidence[] = [];
  /** What the check could not look at, and why; the rule is judged by the rest. */
  readonly leftOut: string[] = [];
  readonly #began = performance.now();
  readonly #session: Session;
  #usesShared = false;

  constructor(session: Session) {
    super(session.subject);
    this.#session = session;
  }

  /** Records an observation. Returns whether it was as expected, for checks that cannot go on otherwise. */
  saw(observation: Observation): boolean {
    this.evidence.push({ ...observation, ms: performance.now() - this.#began });
    return observation.ok;
  }

  /**
   * Starts `web` on a free port, on a migrated database of its own where the service has one.
   * @throws why it is not ready; at once, when it is known from another start
   */
  override async start(options: StartOptions = {}): Promise<Service> {
    if (options.waitMs !== 0 && this.#session.failure) throw this.#session.failure;
    const database = options.database ?? (this.subject.hasDatabase ? await this.database() : undefined);
    return super.start({ ...options, ...(database ? { database } : {}) });
  }

  /** Runs a verb that only prints, in a valid environment. It is run once for all rules. */
  printed(args: readonly string[]): Promise<Ended> {
    return this.#session.run(args);
  }

  /** A running service that other checks use too: send requests that it can take, change nothing else. */
  shared(): Promise<Service> {
    this.#usesShared = true;
    return this.#session.shared();
  }

  /** One more instance of the shared service, on the same backing services. It belongs to this check. */
  async sibling(options: Pick<RunOptions, 'env'> = {}): Promise<Service> {
    const backing = await this.#session.backing();
    return this.start({ ...backing, env: { ...backing.env, ...options.env } });
  }

  /** For checks that only send requests: the running service that others use too, or the one that somebody else runs. */
  endpoint(): Promise<Endpoint> {
    this.#usesShared = true;
    return this.#session.endpoint();
  }

  openApi(): Promise<OpenApi> {
    return this.#session.openApi();
  }

  /**
   * The route that bodies are sent to, if the service describes one.
   * @param without what cannot be looked at if there is none; it is recorded
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
    this.refuseWhenOver();
    return this.#session.migratedDatabase();
  }

  /** An empty database. */
  async emptyDatabase(): Promise<Database> {
    this.refuseWhenOver();
    return (await this.subject.backing.postgres()).createDatabase();
  }

  /** The same database through a proxy that can go down. @throws Unseen where the client checks the server's name */
  async proxied(database: Database): Promise<{ proxy: TcpProxy; url: string }> {
    const mode = new URL(database.url).searchParams.get('sslmode');
    if (mode !== null && !['disable', 'allow', 'prefer'].includes(mode))
      throw new Unseen(`no proxy can stand before a database that is asked for its certificate (sslmode=${mode})`);
    const postgres = await this.subject.backing.postgres();
    const proxy = await TcpProxy.open(postgres.host, postgres.port);
    await this.own(proxy, () => proxy.close());
    return { proxy, url: postgres.url(database.name, { host: '127.0.0.1', port: proxy.port }) };
  }

  async connect(endpoint: Endpoint): Promise<RawConnection> {
    const connection = await endpoint.connect();
    return this.own(connection, () => connection.destroy());
  }

  /** A copy of the service with files added or replaced, by path. */
  artifact(files: Readonly<Record<string, string>>): ProcessTarget {
    return copyArtifact(this.subject.target, this.temp, files);
  }

  /** Why processes that this check looked at were ended, if they wrote too much. */
  override get floods(): string[] {
    return this.#usesShared ? [...super.floods, ...this.#session.floods] : super.floods;
  }
}
