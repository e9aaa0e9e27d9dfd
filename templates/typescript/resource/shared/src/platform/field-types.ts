import { z } from "zod";
import { uri as anyUri, webUrl } from "./fields.ts";

// Whatever passes here fits its column: PostgreSQL has no year 0, and stores no NUL in a text.
export { email, text } from "./fields.ts";

/** An address that a browser opens. */
export const url = webUrl.max(2000);

/** An absolute URI of any scheme. */
export const uri = anyUri.max(2000);

/** A number that is exact, and therefore a string in JSON. It is read with all four decimals. */
export function decimal(min = -Infinity, max = Infinity) {
  return z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,4})?$/, "must be a decimal number")
    .refine((value) => Number(value) >= min && Number(value) <= max, "is out of its bounds");
}

/** A day, as in 2026-01-31. */
export const date = z.iso.date().regex(/^(?!0000)/);

/** A moment, taken in any zone, and kept in UTC, to the millisecond: what `toISOString` makes. */
export const dateTime = z.iso
  .datetime({ offset: true })
  .overwrite((given) => {
    const moment = new Date(given);
    return Number.isNaN(moment.getTime()) ? given : moment.toISOString();
  })
  .regex(/^(?!0000)\d{4}-/);
