import type { z } from "zod";
import { identity } from "./process/identity.ts";

/** Where the cache keeps texts for a while; each call may fail. */
export interface Store {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  /** Like `set`, but leaves what is there. */
  add(key: string, value: string): Promise<unknown>;
}

// Services may share a store.
const prefix = `${identity.name}:`;
const restAfterFailure = 1000;

/**
 * A cache that may be away: then reads miss and writes do nothing, and nobody notices but the
 * database. After a failure it is left alone for a second, so that requests do not wait for it.
 */
export class Cache {
  readonly #store: Store;
  #restUntil = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * The value of a key, `undefined` where there is none or the cache is away.
   *
   * @param schema what does not match it was kept by another version, and counts as not there
   */
  async read<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const json = await this.#attempt(() => this.#store.get(prefix + key));
    return json ? schema.safeParse(JSON.parse(json)).data : undefined;
  }

  /** Keeps a value that has just changed, instead of whatever was kept before. */
  async write(key: string, value: unknown): Promise<void> {
    await this.#attempt(() => this.#store.set(prefix + key, JSON.stringify(value)));
  }

  /**
   * Keeps a value that was read elsewhere, unless there is one already: what a writer put there
   * in the meantime is newer.
   */
  async fill(key: string, value: unknown): Promise<void> {
    await this.#attempt(() => this.#store.add(prefix + key, JSON.stringify(value)));
  }

  async #attempt<T>(command: () => Promise<T>): Promise<T | undefined> {
    if (performance.now() < this.#restUntil) return undefined;
    try {
      return await command();
    } catch {
      // The client has logged that the store is away.
      this.#restUntil = performance.now() + restAfterFailure;
      return undefined;
    }
  }
}
