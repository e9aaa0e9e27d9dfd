export interface Target {
  /** The whole URL of a path below the base URL, without credentials. */
  url(path: string, query: Query): URL;
  /** Headers that the credentials of the base URL make. */
  headers: Record<string, string>;
}

export type Query = Record<string, string | number | boolean | undefined>;

/** Where a client sends its requests; `fetch` takes no URL with credentials, so they go apart. */
export function target(baseUrl: string): Target {
  const { origin, pathname, username, password } = new URL(baseUrl);
  const base = pathname.replace(/\/$/, "");
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;

  return {
    url(path, query) {
      const url = new URL(origin + base + path);
      // A parameter that was not encoded, such as "..", would lead to another resource.
      if (url.pathname !== base + path) {
        throw new TypeError("the path of an outgoing request has to be encoded, without a query");
      }
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.append(name, String(value));
      }
      return url;
    },
    headers:
      username || password
        ? { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` }
        : {},
  };
}
