import type { Cache } from "../../platform/cache.ts";
import { Product } from "./schemas.ts";
import type { ProductStore } from "./store.ts";

const removed = null;

/**
 * Serves single products from the cache. Changes still ask the database for the version that they
 * are meant for, so a stale read can never overwrite anything.
 */
export function cachedStore(store: ProductStore, cache: Cache): ProductStore {
  const key = (id: string) => `product:${id}`;

  return {
    ...store,

    async find(id) {
      const cached = await cache.read(key(id), Product.nullable());
      if (cached !== undefined) return cached ?? undefined;
      const product = await store.find(id);
      if (product !== undefined) await cache.fill(key(id), product);
      return product;
    },

    async update(id, version, input) {
      const product = await store.update(id, version, input);
      if (product !== undefined) await cache.write(key(id), product);
      return product;
    },

    async remove(id, version) {
      const product = await store.remove(id, version);
      if (product !== undefined) await cache.write(key(id), removed);
      return product;
    },
  };
}
