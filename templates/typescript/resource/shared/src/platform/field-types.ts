import { z } from "zod";

// Whatever passes here fits its column: PostgreSQL has no year 0, and stores no NUL in a text.
const noControl = /^\P{Cc}*$/u;
const controlMessage = "must not contain control characters";

/** A line of text. */
export function text(min = 1, max = 200) {
  return z.string().trim().min(min).max(max).regex(noControl, controlMessage);
}

/** An address of somebody, as it was given: PostgreSQL tells upper and lower case apart. */
export const email = z.email().max(254);

/** An address that a browser opens. */
export const url = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .regex(noControl, controlMessage);

/** An absolute URI of any scheme, such as `urn:isbn:0451450523`. */
export const uri = z.url().max(2000).regex(noControl, controlMessage);

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
