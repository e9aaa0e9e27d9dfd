import { z } from "zod";
import { text } from "../../platform/fields.ts";

const Sku = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9-]{0,31}$/)
  .describe("Stock keeping unit, unique");

/** What a client may say about a product. */
export const ProductInput = z.object({
  sku: Sku,
  name: text(),
  priceCents: z.int32().min(0),
});
export type ProductInput = z.infer<typeof ProductInput>;

/** A product as it is stored, also where a rule for clients does not hold: it may not fail a list. */
export const Product = z.object({
  id: z.guid(),
  sku: z.string(),
  name: z.string(),
  priceCents: z.int32(),
  version: z.int().describe("Grows with every change; the ETag of the product"),
});
export type Product = z.infer<typeof Product>;

export const ProductPage = z.object({
  items: z.array(Product),
  nextCursor: z.string().nullable().describe("Where the next page begins; null on the last one"),
});
export type ProductPage = z.infer<typeof ProductPage>;

/** The last sku of a page, in a form that tells clients not to make one up. PostgreSQL has no NUL in a text. */
export const Cursor = z
  .base64url()
  .transform((cursor) => Buffer.from(cursor, "base64url").toString().replaceAll("\0", ""));

export function encodeCursor(sku: string): string {
  return Buffer.from(sku).toString("base64url");
}
