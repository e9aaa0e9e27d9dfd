import { Subject } from '../subject.ts';
import type { Target } from '../target.ts';
import type { Backing } from './backing/backing.ts';
import { findWrite } from './find-write.ts';
import { jsonOrUndefined } from './http/ask.ts';
import { Endpoint } from './http/endpoint.ts';
import { findHealth } from './http/health-routes.ts';
import { cannotRun } from './process/cannot-run.ts';
import { type Ended, Runner } from './runner.ts';
import { OpenApi, type WriteOperation } from './schema/openapi.ts';
import { guessVariables, readVariables, type Variable } from './schema/variables.ts';
import { ListensNowhere, type Service } from './service.ts';
import { SharedBacking } from './shared-backing.ts';
import { Snapshot } from './snapshot.ts';
import { HarnessFailure, type Unseen, unlessAborted } from './wait.ts';

/** Enough for a cold image or a slow runtime on a busy machine. */
const SCHEMA_MS = 30_000;

/** What the rules of one verification share: facts about the service, a migrated database to copy, a running service. */
export class Session {
  readonly subject: Subject;
  /** Its folder before the first run, if that was asked for. */
  readonly snapshot: Snapshot | undefined;
  readonly #runner: Runner;
  #shared: Promise<Service> | undefined;
  #backing: SharedBacking;
  readonly #runs = new Map<string, Promise<Ended>>();
  #openApi: Promise<OpenApi> | undefined;
  #write: Promise<WriteOperation | Unseen> | undefined;
  #failure: Error | undefined;
  #unusable: HarnessFailure | undefined;

  private constructor(subject: Subject, snapshot?: Snapshot) {
    this.subject = subject;
    this.snapshot = snapshot;
    this.#runner = new Runner(subject);
    this.#backing = new SharedBacking(this.#runner);
  }

  /**
   * Asks the service for its variables, which decide what applies to it.
   * @param options.keepsFolder whether rules will ask for its folder as it was before
   * @param options.signal ends the question early; nothing is known of the service then
   * @throws HarnessFailure when it cannot be started at all
   */
  static async open(
    target: Target,
    backing: Backing,
    { signal, keepsFolder = false }: { signal?: AbortSignal | undefined; keepsFolder?: boolean } = {},
  ): Promise<Session> {
    const snapshot = keepsFolder && target.kind === 'process' ? Snapshot.of(target) : undefined;
    const blank = new Session(new Subject(target, [], backing));
    try {
      const variables = await blank.#readVariables(signal);
      const guessed = guessVariables(blank.subject.portVariable, target.env ?? {});
      // If an image does not know the verb, it starts by itself.
      const verbless = variables === undefined && target.kind === 'image' && target.serve === undefined;
      const known = verbless ? { ...target, serve: [] } : target;
      const session = new Session(new Subject(known, variables ?? guessed, backing, variables !== undefined), snapshot);
      // If it does not start, the rules that ask for it say so.
      if (session.subject.needsHealth) await unlessAborted(signal, session.endpoint()).catch(() => undefined);
      return session;
    } catch (error) {
      snapshot?.dispose();
      throw error;
    } finally {
      await blank.close();
    }
  }

  /** Why the shared service did not become ready, once that is known. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Why nothing can be said about the service, once that is known. */
  get unusable(): HarnessFailure | undefined {
    return this.#unusable;
  }

  /** Why a shared process was ended, if it wrote too much. */
  get floods(): string[] {
    return this.#runner.floods;
  }

  /** What instances of one service share: the database and the cache. */
  get backing(): SharedBacking {
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
      if (error instanceof HarnessFailure) this.#unusable = error;
      else this.#failure = error;
      if (error instanceof ListensNowhere) this.subject.settlePortless();
      throw error;
    });
    return this.#shared;
  }

  /** Starts the shared service once more after it failed. @returns whether it became ready */
  async startsAgain(): Promise<boolean> {
    this.subject.forgetPortless();
    this.#failure = undefined;
    this.#shared = undefined;
    this.#openApi = undefined;
    this.#write = undefined;
    this.#backing = new SharedBacking(this.#runner);
    return this.shared().then(
      () => true,
      () => false,
    );
  }

  async endpoint(): Promise<Endpoint> {
    const { target } = this.subject;
    if (target.kind !== 'url') return this.shared();
    const running = () => new Endpoint(target.url, this.subject.paths, target.headers);
    await this.#findHealth(running());
    return running();
  }

  openApi(): Promise<OpenApi> {
    this.#openApi ??= this.endpoint().then(async (endpoint) => {
      const { json } = await endpoint.ask('/openapi.json');
      // A service whose write is mapped has no document, as a rule.
      const isMapped = this.subject.mapping.write !== undefined && Object(json).paths === undefined;
      return new OpenApi(isMapped ? { paths: {} } : json);
    });
    return this.#openApi;
  }

  /** The route that bodies are sent to, or why there is none. */
  write(): Promise<WriteOperation | Unseen> {
    this.#write ??= findWrite(this);
    return this.#write;
  }

  async close(): Promise<void> {
    await this.#runner.dispose();
    this.snapshot?.dispose();
  }

  async #readVariables(signal?: AbortSignal): Promise<Variable[] | undefined> {
    if (this.subject.takesVerbs() !== true) return undefined;
    const printed = this.#runner.run(['config', '--schema'], { timeoutMs: Math.max(SCHEMA_MS, this.subject.startMs) });
    const { child } = await unlessAborted(signal, printed).catch((error: Error) => {
      if (error instanceof HarnessFailure) throw error;
      return { child: undefined };
    });
    const document = jsonOrUndefined(child?.lines.map(({ text }) => text).join('\n') ?? '');
    return readVariables(document);
  }

  /** @throws HarnessFailure when the command is one that this machine cannot run */
  async #startShared(): Promise<Service> {
    const started = await this.#runner.start({ ...(await this.#backing.options()), waitMs: 0 });
    return this.#becomesReady(started).catch((error: Error) => {
      const { started: target } = this.subject;
      // What an image runs by itself is a part of it.
      const isOurs = target.kind === 'process' || target.serve !== undefined;
      throw (isOurs && cannotRun(started.child)) || error;
    });
  }

  async #becomesReady(started: Service): Promise<Service> {
    const { subject } = this;
    if (subject.needsHealth) {
      await started.listens(subject.startMs);
      await this.#findHealth(started);
    }
    // The same process, with the paths that are known now.
    const service = this.#runner.service(started.child, started.port);
    // What was asked to find these paths is no part of its start.
    service.startTook = started.startTook;
    await service.ready(subject.startMs);
    return service;
  }

  async #findHealth(endpoint: Endpoint): Promise<void> {
    const { subject } = this;
    if (subject.needsHealth) subject.settleHealth(await findHealth(endpoint, subject.target.paths));
  }
}
