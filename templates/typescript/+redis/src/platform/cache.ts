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
// In the place of an entry that is old: it is no JSON, so it is read as none, and nothing is filled in.
const mark = "changed";

/**
 * A cache that may be away: then reads miss, and nobody notices but the database.
 *
 * It promises that nobody reads an entry that was there before `change` returned. A store that hangs
 * gets the mark before any later read: it waits in the connection already, and whose read failed
 * reads again only after another answer. A store that could not be reached gets the mark before this
 * process reads; another one may read the old entry until it is there, at most for `ttl`.
 */
export class Cache {
  readonly counts = { hits: 0, misses: 0, failures: 0 };
  readonly #store: Store;
  readonly #ttl: number;
  /** Keys whose mark was not acknowledged, and since when; the oldest first. */
  readonly #unmarked = new Map<string, number>();
  #away = false;

  /** @param ttl how long the store keeps a text, in milliseconds */
  constructor(store: Store, ttl = 60_000) {
    this.#store = store;
    this.#ttl = ttl;
  }

  /**
   * The value of a key, `undefined` where there is none or the cache is away.
   *
   * @param schema what does not match it was kept by another version, and counts as not there
   */
  async read<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const text = this.#away ? null : await this.#attempt(() => this.#store.get(prefix + key));
    const value = text ? parse(text, schema) : undefined;
    this.counts[value === undefined ? "misses" : "hits"] += 1;
    // It would be in the way of what is filled in, for ever if it never expires.
    const unfit = typeof text === "string" && text !== mark && value === undefined;
    if (unfit) await this.change(key);
    return value;
  }

  /** Keeps a value that was read elsewhere, unless something is kept, or it changed since. */
  async fill(key: string, value: unknown): Promise<void> {
    if (this.#away) return;
    await this.#attempt(() => this.#store.add(prefix + key, JSON.stringify(value)));
  }

  /** Says that a value has changed: what is kept of it is read no more, and nothing is kept for `ttl`. */
  async change(key: string): Promise<void> {
    const now = performance.now();
    for (const [old, since] of this.#unmarked) {
      if (since > now - this.#ttl) break;
      this.#unmarked.delete(old);
    }
    this.#unmarked.delete(key);
    this.#unmarked.set(key, now);
    await this.#attempt(() => this.#mark(key));
  }

  /** What a store of 0.1.0 calls instead of `change`. */
  write(key: string, _value: unknown): Promise<void> {
    return this.change(key);
  }

  async #mark(key: string): Promise<void> {
    const since = this.#unmarked.get(key);
    await this.#store.set(prefix + key, mark);
    if (this.#unmarked.get(key) === since) this.#unmarked.delete(key);
  }

  async #attempt<T>(command: () => Promise<T>): Promise<T | undefined> {
    try {
      return await command();
    } catch {
      // The client has logged that the store is away.
      this.counts.failures += 1;
      if (!this.#away) setTimeout(() => this.#recover(), restAfterFailure).unref();
      this.#away = true;
      return undefined;
    }
  }

  /** The store is back when it answers, and has every mark. */
  async #recover(): Promise<void> {
    try {
      const marks = [...this.#unmarked.keys()].map((key) => this.#mark(key));
      await Promise.all([this.#store.get(prefix), ...marks]);
      this.#away = false;
    } catch {
      setTimeout(() => this.#recover(), restAfterFailure).unref();
    }
  }
}

function parse<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
