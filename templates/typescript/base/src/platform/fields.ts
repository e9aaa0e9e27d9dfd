import { z } from "zod";

/** A whole number in plain digits: unlike coercion it takes neither "1e3" nor "0x10" nor " ". */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  return z
    .string()
    .regex(/^\d{1,16}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));
}

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
