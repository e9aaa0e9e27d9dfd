import type { Database } from './backing/postgres.ts';
import { describeExit } from './process/process.ts';
import { lastLines } from './process/quote.ts';
import type { Runner, RunOptions } from './runner.ts';

/** All migrations of a service, on an empty database. */
const MIGRATE_MS = 100_000;

/** The database and the cache that instances of one service share. Each is made when it is first asked for. */
export class SharedBacking {
  readonly #runner: Runner;
  #template: Promise<string> | undefined;
  #options: Promise<RunOptions> | undefined;

  /** @param runner runs the migrations */
  constructor(runner: Runner) {
    this.#runner = runner;
  }

  /** A new database with every migration applied. */
  async migratedDatabase(): Promise<Database> {
    const postgres = await this.#runner.subject.backing.postgres();
    this.#template ??= this.#makeTemplate();
    return postgres.createDatabase(await this.#template);
  }

  /** What an instance is given to use them. */
  options(): Promise<RunOptions> {
    this.#options ??= this.#makeOptions();
    return this.#options;
  }

  async #makeOptions(): Promise<RunOptions> {
    const { hasDatabase, hasCache } = this.#runner.subject;
    const database = hasDatabase ? { database: await this.migratedDatabase() } : {};
    return { ...database, ...(hasCache ? { env: { REDIS_URL: await this.#runner.redisUrl() } } : {}) };
  }

  async #makeTemplate(): Promise<string> {
    const database = await (await this.#runner.subject.backing.postgres()).createDatabase();
    const { exit, child } = await this.#runner.run(['migrate'], { database, timeoutMs: MIGRATE_MS });
    if (exit.code !== 0)
      throw new Error(
        `migrate on an empty database: ${describeExit(exit)} after ${MIGRATE_MS / 1000} s at most:\n${lastLines(child.output, 15)}`,
      );
    return database.name;
  }
}
