import { Subject } from '../subject.ts';
import type { Target } from '../target.ts';
import type { Backing } from './backing/backing.ts';
import type { Database } from './backing/postgres.ts';
import { jsonOrUndefined } from './http/ask.ts';
import { Endpoint } from './http/endpoint.ts';
import { describeExit } from './process/process.ts';
import { type Ended, Runner, type RunOptions } from './runner.ts';
import { OpenApi, type WriteOperation } from './schema/openapi.ts';
import { guessVariables, readVariables, type Variable } from './schema/variables.ts';
import type { Service } from './service.ts';
import { HarnessFailure, Unseen, unlessAborted } from './wait.ts';

/** Enough for a cold image or a slow runtime on a busy machine. */
const SCHEMA_MS = 30_000;
/** All migrations of a service, on an empty database. */
const MIGRATE_MS = 100_000;

/** What the rules of one verification share: facts about the service, a migrated database to copy, a running service. */
export class Session {
  readonly subject: Subject;
  readonly #runner: Runner;
  #template: Promise<string> | undefined;
  #shared: Promise<Service> | undefined;
  #backing: Promise<RunOptions> | undefined;
  readonly #runs = new Map<string, Promise<Ended>>();
  #openApi: Promise<OpenApi> | undefined;
  #write: Promise<WriteOperation | Unseen> | undefined;
  #failure: Error | undefined;

  private constructor(subject: Subject) {
    this.subject = subject;
    this.#runner = new Runner(subject);
  }

  /**
   * Asks the service for its variables, which decide what applies to it.
   * @param signal ends the question early; nothing is known of the service then
   * @throws HarnessFailure when it cannot be started at all
   */
  static async open(target: Target, backing: Backing, signal?: AbortSignal): Promise<Session> {
    const blank = new Session(new Subject(target, [], backing));
    try {
      const variables = await blank.#readVariables(signal);
      const guessed = guessVariables(blank.subject.portVariable, target.env ?? {});
      // If an image does not know the verb, it starts by itself.
      const verbless = variables === undefined && target.kind === 'image' && target.serve === undefined;
      const known = verbless ? { ...target, serve: [] } : target;
      return new Session(new Subject(known, variables ?? guessed, backing));
    } finally {
      await blank.close();
    }
  }

  /** Why the shared service did not become ready, once that is known. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Why a shared process was ended, if it wrote too much. */
  get floods(): string[] {
    return this.#runner.floods;
  }

  /** A new database with every migration applied. */
  async migratedDatabase(): Promise<Database> {
    const postgres = await this.subject.backing.postgres();
    this.#template ??= this.#makeTemplate();
    return postgres.createDatabase(await this.#template);
  }

  /** What instances of one service share: the database and the cache. */
  backing(): Promise<RunOptions> {
    this.#backing ??= this.#makeBacking();
    return this.#backing;
  }

  /** Runs a verb that only prints. It is run once for all rules. */
  run(args: readonly string[]): Promise<Ended> {
    const key = args.join(' ');
    const running = this.#runs.get(key) ?? this.#runner.run(args);
    this.#runs.set(key, running);
    return running;
  }

  /** A running service for probes that do not change it. It is ended with the session. */
  shared(): Promise<Service> {
    this.#shared ??= this.#startShared().catch((error: Error) => {
      if (!(error instanceof HarnessFailure)) this.#failure = error;
      throw error;
    });
    return this.#shared;
  }

  /** Starts the shared service once more after it failed. @returns whether it became ready */
  async startsAgain(): Promise<boolean> {
    this.#failure = undefined;
    this.#shared = undefined;
    this.#openApi = undefined;
    this.#write = undefined;
    this.#template = undefined;
    this.#backing = undefined;
    return this.shared().then(
      () => true,
      () => false,
    );
  }

  async endpoint(): Promise<Endpoint> {
    const { target, paths } = this.subject;
    return target.kind === 'url' ? new Endpoint(target.url, paths, target.headers) : this.shared();
  }

  openApi(): Promise<OpenApi> {
    this.#openApi ??= this.endpoint().then(async (endpoint) => new OpenApi((await endpoint.ask('/openapi.json')).json));
    return this.#openApi;
  }

  /** The route that bodies are sent to, or why there is none. */
  write(): Promise<WriteOperation | Unseen> {
    this.#write ??= this.#findWrite();
    return this.#write;
  }

  close(): Promise<void> {
    return this.#runner.dispose();
  }

  async #readVariables(signal?: AbortSignal): Promise<Variable[] | undefined> {
    if (this.subject.takesVerbs() !== true) return undefined;
    const printed = this.#runner.run(['config', '--schema'], { timeoutMs: SCHEMA_MS });
    const { child } = await unlessAborted(signal, printed).catch((error: Error) => {
      if (error instanceof HarnessFailure) throw error;
      return { child: undefined };
    });
    const document = jsonOrUndefined(child?.lines.map(({ text }) => text).join('\n') ?? '');
    return readVariables(document);
  }

  async #findWrite(): Promise<WriteOperation | Unseen> {
    const write = await this.openApi().then(
      (openApi) => openApi.write,
      () => undefined,
    );
    if (!write) return new Unseen('no POST route with a JSON body and without a path parameter is described');
    const { path } = write;
    try {
      const body = write.body();
      // A service that somebody else runs is not written to.
      if (this.subject.target.kind === 'url') return write;
      const { status } = await (await this.endpoint()).ask(path, { method: 'POST', body });
      const isRefused = status >= 400 && status < 500;
      return isRefused ? new Unseen(`POST ${path} answers ${status} to a body that fits its description`) : write;
    } catch (error) {
      // Any other problem is for the rules to find.
      return error instanceof Unseen ? new Unseen(`no body for POST ${path}: ${error.message}`) : write;
    }
  }

  async #startShared(): Promise<Service> {
    return this.#runner.start(await this.backing());
  }

  async #makeBacking(): Promise<RunOptions> {
    const { hasDatabase, hasCache } = this.subject;
    const database = hasDatabase ? { database: await this.migratedDatabase() } : {};
    return { ...database, ...(hasCache ? { env: { REDIS_URL: await this.#runner.redisUrl() } } : {}) };
  }

  async #makeTemplate(): Promise<string> {
    const database = await (await this.subject.backing.postgres()).createDatabase();
    const { exit, child } = await this.#runner.run(['migrate'], { database, timeoutMs: MIGRATE_MS });
    if (exit.code !== 0)
      throw new Error(
        `migrate on an empty database: ${describeExit(exit)} after ${MIGRATE_MS / 1000} s at most:\n${child.output}`,
      );
    return database.name;
  }
}
