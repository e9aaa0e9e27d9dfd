import { z } from "zod";

/** A whole number in plain digits: unlike coercion it takes neither "1e3" nor "0x10", "010" or " ". */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  return z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`))
    .meta({ type: "integer", pattern: undefined, minimum: min, maximum: max });
}

// Not \P{Cc}, which many generators of values and other languages do not know.
const control = "\\x00-\\x1f\\x7f-\\x9f";
const line = new RegExp(`^(?:[^\\s${control}](?:[^${control}]*[^\\s${control}])?)?$`);

/** A line of text. PostgreSQL stores no NUL, and with a space at its end a text only looks the same. */
export function text(min = 1, max = 200) {
  const reason = "must not contain control characters, nor begin or end with a space";
  return z.string().min(min).max(max).regex(line, reason);
}

const mailbox =
  /^[A-Za-z0-9_'+-]+(\.[A-Za-z0-9_'+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** The address of a mailbox, as long as RFC 5321 lets it be. */
export const email = z
  .email({ pattern: mailbox })
  .max(254)
  .refine((address) => address.indexOf("@") <= 64, "has more than 64 characters before the @");

// Narrower than what is taken, and plain enough for those who make values of it.
const webPattern = "^https?://([A-Za-z0-9-]+\\.)*[A-Za-z][A-Za-z0-9-]*(:\\d{1,4})?([/?#][!-~]*)?$";

/** An address that a browser opens: other schemes run code or read files. */
export const webUrl = z
  .url({ protocol: /^https?$/ })
  .regex(/^[!-~]*$/, "must be ASCII without spaces")
  .meta({ pattern: webPattern });

/** An absolute URI of any scheme, such as `urn:isbn:0451450523`. */
export const uri = z
  .url()
  .regex(/^[!-~]*$/, "must be ASCII without spaces")
  .meta({ format: "uri" });

/** A duration in milliseconds. A timer takes no more than 2^31 - 1 of them. */
export function milliseconds(min = 0) {
  return integer(min, 2_147_483_647);
}

/** A URL of one of these schemes, with a host; the message never repeats what was given. */
export function url(...schemes: string[]) {
  const starts = schemes.map((scheme) => `${scheme}://`);
  return z.url({
    protocol: new RegExp(`^(${schemes.join("|")})$`),
    abort: true,
    error: ({ input }) =>
      starts.some((start) => String(input).startsWith(start))
        ? "cannot be read as a URL: a port is at most 65535, and / ? # in a password are %2F %3F %23"
        : `must be a URL that starts with ${starts.join(" or ")}`,
  });
}
