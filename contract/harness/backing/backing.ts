import { hasEngine } from '../image/container.ts';
import { HarnessFailure } from '../wait.ts';
import { PostgresServer } from './postgres.ts';
import { findInitdb } from './postgres-cluster.ts';
import { RedisServer } from './redis.ts';

/** Servers that run already. Those that are not named are started. */
interface BackingOptions {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** The images to start if a server is not installed. */
  readonly images?: { readonly postgres?: string; readonly redis?: string };
}

const IMAGES = { postgres: 'postgres:18-alpine', redis: 'redis:8-alpine' };

/** The backing services of a verification, started when the first probe needs them and shared by all. */
export class Backing {
  readonly #options: BackingOptions;
  #postgres: Promise<PostgresServer> | undefined;
  #redis: Promise<RedisServer> | undefined;
  #isOver = false;

  constructor(options: BackingOptions = {}) {
    this.#options = options;
  }

  get hasPostgres(): boolean {
    return this.#options.databaseUrl !== undefined || findInitdb() !== undefined || hasEngine();
  }

  get hasRedis(): boolean {
    return this.#options.redisUrl !== undefined || RedisServer.program() !== undefined || hasEngine();
  }

  /** Whether all services share one Redis database, which is never emptied. */
  get sharesRedis(): boolean {
    return this.#options.redisUrl !== undefined;
  }

  /** @throws HarnessFailure when it does not start; the next call tries again */
  postgres(): Promise<PostgresServer> {
    this.#refuseWhenOver();
    this.#postgres ??= this.#startPostgres().catch((cause: Error) => {
      this.#postgres = undefined;
      const what = this.#options.databaseUrl === undefined ? 'did not start' : 'of DATABASE_URL does not answer';
      throw new HarnessFailure(`PostgreSQL ${what}: ${cause.message}`, { cause });
    });
    return this.#postgres;
  }

  /** The URL of a fresh Redis database, or of the one that was given. @throws HarnessFailure */
  async redisUrl(): Promise<string> {
    if (this.#options.redisUrl !== undefined) return this.#options.redisUrl;
    return (await this.redis()).freshUrl();
  }

  /** @throws HarnessFailure when it does not start; the next call tries again */
  redis(): Promise<RedisServer> {
    this.#refuseWhenOver();
    this.#redis ??= this.#startRedis().catch((cause: Error) => {
      this.#redis = undefined;
      throw new HarnessFailure(`Redis did not start: ${cause.message}`, { cause });
    });
    return this.#redis;
  }

  #startPostgres(): Promise<PostgresServer> {
    const { databaseUrl, images } = this.#options;
    if (databaseUrl !== undefined) return PostgresServer.attach(databaseUrl);
    const isInstalled = findInitdb() !== undefined;
    return isInstalled ? PostgresServer.start() : PostgresServer.contain(images?.postgres ?? IMAGES.postgres);
  }

  #startRedis(): Promise<RedisServer> {
    const isInstalled = RedisServer.program() !== undefined;
    return isInstalled ? RedisServer.start() : RedisServer.contain(this.#options.images?.redis ?? IMAGES.redis);
  }

  /** What is started after `stop` would never be ended. */
  #refuseWhenOver(): void {
    if (this.#isOver) throw new Error('the backing services were stopped');
  }

  /** Ends all servers. Whoever asked for one that did not start has got the error. */
  async stop(): Promise<void> {
    this.#isOver = true;
    const ended = [this.#postgres, this.#redis].map((starting) => starting?.catch(() => undefined));
    await Promise.all(ended.map(async (started) => (await started)?.stop()));
  }
}
