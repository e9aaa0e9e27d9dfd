import type pg from "pg";
import { HttpProblem } from "../../platform/http-problem.ts";
import { isUniqueViolation, prepared } from "../../platform/postgres.ts";
import type { Product, ProductInput } from "./schemas.ts";

export type ProductStore = ReturnType<typeof productStore>;

const columns = 'id, sku, name, price_cents as "priceCents", version';

/**
 * Products in PostgreSQL. What is not there, or in none of the versions asked for, is `undefined`;
 * `null` asks for any version.
 */
export function productStore(database: Pick<pg.Pool, "query">) {
  async function rows(text: string, values: unknown[]): Promise<Product[]> {
    try {
      return await prepared<Product>(database, text, values);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new HttpProblem(409, { detail: "A product with this sku exists." });
    }
  }

  return {
    async create({ sku, name, priceCents }: ProductInput): Promise<Product> {
      const [product] = await rows(
        `insert into products (sku, name, price_cents) values ($1, $2, $3) returning ${columns}`,
        [sku, name, priceCents],
      );
      return product as Product;
    },

    async find(id: string): Promise<Product | undefined> {
      const [product] = await rows(`select ${columns} from products where id = $1`, [id]);
      return product;
    },

    /** Up to `limit` products in the order of their skus, from the first one or the one after `after`. */
    async list(after: string | undefined, limit: number): Promise<Product[]> {
      // Two statements: a plan for both would read every product before `after`.
      const values = after === undefined ? [limit] : [limit, after];
      const where = after === undefined ? "" : "where sku > $2";
      return rows(`select ${columns} from products ${where} order by sku limit $1`, values);
    },

    async update(
      id: string,
      versions: number[] | null,
      { sku, name, priceCents }: ProductInput,
    ): Promise<Product | undefined> {
      const [product] = await rows(
        `update products set sku = $3, name = $4, price_cents = $5, version = version + 1
         where id = $1 and ($2::int[] is null or version = any($2)) returning ${columns}`,
        [id, versions, sku, name, priceCents],
      );
      return product;
    },

    async remove(id: string, versions: number[] | null): Promise<Product | undefined> {
      const [product] = await rows(
        `delete from products
         where id = $1 and ($2::int[] is null or version = any($2)) returning ${columns}`,
        [id, versions],
      );
      return product;
    },
  };
}
