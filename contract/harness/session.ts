import { Subject } from '../subject.ts';
import type { Target } from '../types.ts';
import type { Backing } from './backing.ts';
import { Harness } from './harness.ts';
import { jsonOrUndefined } from './http.ts';
import { OpenApi } from './openapi.ts';
import type { Database } from './postgres.ts';
import type { Service } from './service.ts';
import { readVariables } from './variables.ts';

/** What the rules of one verification share: the discovered facts, a migrated database to copy, a service to read from. */
export class Session {
  readonly subject: Subject;
  readonly #harness: Harness;
  #template: Promise<string> | undefined;
  #shared: Promise<Service> | undefined;
  #openApi: Promise<OpenApi> | undefined;

  private constructor(subject: Subject) {
    this.subject = subject;
    this.#harness = new Harness(this);
  }

  /** Asks the service for its variables, which decide what applies to it. */
  static async open(target: Target, backing: Backing): Promise<Session> {
    const blank = new Session(new Subject(target, [], backing));
    try {
      const { child } = await blank.#harness.run(['config', '--schema']);
      const document = jsonOrUndefined(child.lines.map(({ text }) => text).join('\n'));
      const variables = document === undefined ? [] : readVariables(document);
      return new Session(new Subject(target, variables, backing));
    } finally {
      await blank.close();
    }
  }

  /** A new database with every migration applied. */
  async migratedDatabase(): Promise<Database> {
    const postgres = await this.subject.backing.postgres();
    this.#template ??= this.#makeTemplate();
    return postgres.createDatabase(await this.#template);
  }

  /** A running service for probes that only send requests and read. It is ended with the session. */
  shared(): Promise<Service> {
    this.#shared ??= this.#harness.start();
    return this.#shared;
  }

  openApi(): Promise<OpenApi> {
    this.#openApi ??= this.shared().then(async (service) => new OpenApi((await service.ask('/openapi.json')).json));
    return this.#openApi;
  }

  close(): Promise<void> {
    return this.#harness.dispose();
  }

  async #makeTemplate(): Promise<string> {
    const database = await (await this.subject.backing.postgres()).createDatabase();
    const { exit, child } = await this.#harness.run(['migrate'], { database });
    if (exit.code !== 0) throw new Error(`migrate ended with ${exit.code} on an empty database:\n${child.output}`);
    return database.name;
  }
}
