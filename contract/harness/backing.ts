import { PostgresServer } from './postgres.ts';
import { RedisServer } from './redis.ts';
import { HarnessFailure } from './wait.ts';

/** The backing services of a verification, started when the first probe needs them and shared by all. */
export class Backing {
  #postgres: Promise<PostgresServer> | undefined;
  #redis: Promise<RedisServer> | undefined;

  get hasPostgres(): boolean {
    return PostgresServer.programs() !== undefined;
  }

  get hasRedis(): boolean {
    return RedisServer.program() !== undefined;
  }

  /** @throws HarnessFailure when it does not start; the next call tries again */
  postgres(): Promise<PostgresServer> {
    this.#postgres ??= PostgresServer.start().catch((cause: Error) => {
      this.#postgres = undefined;
      throw new HarnessFailure(`PostgreSQL did not start: ${cause.message}`, { cause });
    });
    return this.#postgres;
  }

  /** @throws HarnessFailure when it does not start; the next call tries again */
  redis(): Promise<RedisServer> {
    this.#redis ??= RedisServer.start().catch((cause: Error) => {
      this.#redis = undefined;
      throw new HarnessFailure(`Redis did not start: ${cause.message}`, { cause });
    });
    return this.#redis;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#postgres?.then((server) => server.stop()), this.#redis?.then((server) => server.stop())]);
  }
}
