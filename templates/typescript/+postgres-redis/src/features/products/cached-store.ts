import type { Cache } from "../../platform/cache.ts";
import { HttpProblem } from "../../platform/http-problem.ts";
import { Product } from "./schemas.ts";
import type { ProductStore } from "./store.ts";

/**
 * Serves single products from the cache. Changes still ask the database for the version that they
 * are meant for, so a stale read can never overwrite anything.
 */
export function cachedStore(store: ProductStore, cache: Cache): ProductStore {
  // As PostgreSQL writes an id, however a client does: one product has one entry.
  const key = (id: string) => `product:${id.toLowerCase()}`;

  /** A change whose connection was lost may have been made. One that was refused was not. */
  async function changing(id: string, change: Promise<Product | undefined>) {
    const product = await change.catch(async (error) => {
      if (!(error instanceof HttpProblem)) await cache.change(key(id));
      throw error;
    });
    if (product !== undefined) await cache.change(key(id));
    return product;
  }

  return {
    ...store,

    async find(id) {
      const cached = await cache.read(key(id), Product);
      if (cached !== undefined) return cached;
      const product = await store.find(id);
      if (product !== undefined) await cache.fill(key(id), product);
      return product;
    },

    update: (id, versions, input) => changing(id, store.update(id, versions, input)),
    remove: (id, versions) => changing(id, store.remove(id, versions)),
  };
}
