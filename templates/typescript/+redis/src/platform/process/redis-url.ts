import { url } from "../fields.ts";

/** A URL that the client can connect with: whatever it would stumble over later is found here. */
export function redisUrl() {
  return url("redis", "rediss").superRefine((value, context) => {
    const { username, password, pathname } = new URL(value);
    if (!/^\/?\d*$/.test(pathname)) context.addIssue("has a database that is not a number");
    if (!isDecodable(username) || !isDecodable(password)) {
      context.addIssue("has a % in the user or password that is not written as %25");
    }
  });
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
