import { type Evidence, LEFT_OUT, type Observation } from '../evidence.ts';
import { hasPart, type Profile } from '../profile.ts';
import type { ProcessTarget } from '../target.ts';
import { type ArtifactOptions, copyArtifact } from './artifact.ts';
import type { Database } from './backing/postgres.ts';
import type { Endpoint } from './http/endpoint.ts';
import type { RawConnection } from './http/raw-connection.ts';
import { TcpProxy } from './http/tcp-proxy.ts';
import { Leases } from './leases.ts';
import { type Ended, Runner, type RunOptions, type StartOptions } from './runner.ts';
import type { OpenApi, WriteOperation } from './schema/openapi.ts';
import type { Service } from './service.ts';
import type { Session } from './session.ts';
import { TimedOut, Unseen } from './wait.ts';

/** What a rule's check works with: a runner of its own, what the session shares, and the record of what was seen. */
export class Harness extends Runner {
  /** What the check has seen so far. */
  readonly evidence: Evidence[] = [];
  /** What the check could not look at, and why; the rule is judged by the rest. */
  readonly leftOut: string[] = [];
  readonly #began = performance.now();
  readonly #session: Session;
  readonly #leases: Leases<Harness>;
  /** What it has a lease of, by name. */
  readonly #leased = new Map<string, { readonly owner: Harness; readonly isNew: boolean }>();
  #usesShared = false;

  /** @param leases what the checks of a chain pass on; nothing is passed on if not given */
  constructor(session: Session, leases: Leases<Harness> = new Leases(() => new Harness(session))) {
    super(session.subject);
    this.#session = session;
    this.#leases = leases;
  }

  /** Whether it used an instance that another check has used before, which may be why it saw something wrong. */
  get hasHandedOn(): boolean {
    return [...this.#leased.values()].some(({ isNew }) => !isNew);
  }

  /** How many processes of the service were started for it, without those that were passed on to it. */
  override get starts(): number {
    const own = [...this.#leased].filter(([, { isNew }]) => isNew).map(([, { owner }]) => owner);
    return own.reduce((sum, owner) => sum + owner.starts, super.starts);
  }

  /** Whether the service is held against a profile, and so against what it asks for. */
  asks(profile: Profile): boolean {
    return hasPart(this.subject.profile, profile);
  }

  /** Whether an observation that takes seconds is left out (`--fast`). It is recorded then. */
  leavesOut(what: string): boolean {
    if (this.subject.target.fast) this.leftOut.push(`${what}: ${LEFT_OUT}`);
    return this.subject.target.fast === true;
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
    const { portless } = this.subject;
    if (portless !== undefined) throw new Unseen(portless);
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
    const backing = await this.#session.backing.options();
    return this.start({ ...backing, env: { ...backing.env, ...options.env } });
  }

  /**
   * An instance that the checks of a chain pass on under a name, as the check before has left it. If there is none, `make`
   * starts it with a harness that keeps it until the last of them is over.
   */
  lease<Thing>(name: string, make: (owner: Harness) => Promise<Thing>): Promise<Thing> {
    this.refuseWhenOver();
    const { owner, made, isNew } = this.#leases.take(name, make);
    if (!this.#leased.has(name)) this.#leased.set(name, { owner, isNew });
    return made;
  }

  /** Ends what it has started, and what nobody else may use of what it has a lease of. */
  override async dispose(): Promise<void> {
    await super.dispose();
    await this.#leases.settle(
      this.#leased.keys(),
      this.evidence.every(({ ok }) => ok),
    );
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
    return this.#session.backing.migratedDatabase();
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

  /** A connection that ends with the check. @param ms how long it may take to open, if not 10 s */
  async connect(endpoint: Endpoint, ms?: number): Promise<RawConnection> {
    const connection = await endpoint.connect(ms);
    return this.own(connection, () => connection.destroy());
  }

  /**
   * The same while others hold connections of the service. What only waits for its turn says nothing: it is recorded as left out.
   * @param what the service cannot be seen to do without it
   * @param ms as long as others may be held
   */
  async connectInTurn(endpoint: Endpoint, what: string, ms: number): Promise<RawConnection | undefined> {
    return this.connect(endpoint, ms).catch((error: Error) => {
      if (!(error instanceof TimedOut)) throw error;
      this.leftOut.push(`${what}: its connection waited ${ms / 1000} s for those before it`);
      return undefined;
    });
  }

  /** A copy of the service with files added or replaced, by path. */
  artifact(files: Readonly<Record<string, string>>, options: Pick<ArtifactOptions, 'isBuilt'> = {}): ProcessTarget {
    return copyArtifact(this.subject.target, this.temp, { files, ...options });
  }

  /** A fresh copy of the service in which nothing has run yet; see `Rule.pristine`. None if its folder is too large. */
  pristine(options?: Pick<ArtifactOptions, 'isBuilt'>): ProcessTarget | undefined {
    return this.#session.snapshot?.copy(this.temp, options);
  }

  /** Why processes that this check looked at were ended, if they wrote too much. */
  override get floods(): string[] {
    const leased = [...this.#leased.values()].flatMap(({ owner }) => owner.floods);
    return [...super.floods, ...leased, ...(this.#usesShared ? this.#session.floods : [])];
  }
}
