import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A package registry on 127.0.0.1 that can fail in the ways that tests need. */
export interface Registry {
  readonly url: string;
  /** The URL without `http:`, as a `.npmrc` names the registry of a token. */
  readonly scope: string;
  /**
   * Adds or replaces a version. `announced` are the bytes of its integrity, if these are not the served ones. `more`
   * has more keys of its package.json.
   */
  readonly publish: (name: string, version: string, tarball: Buffer, announced?: Buffer, more?: object) => void;
  /** Moves the tag `latest`; without this the version that was published last has it. */
  readonly tagLatest: (name: string, version: string) => void;
  /** Says that a version is as old as this many days; without this it is a thousand days old. */
  readonly age: (name: string, version: string, days: number) => void;
  /** The paths of all requests. */
  readonly requests: string[];
  readonly close: () => void;
}

export interface Manners {
  /** Requests without this token get 401. */
  readonly token?: string;
  /** Every response has this status. */
  readonly status?: number;
  /** It never responds. */
  readonly stalls?: boolean;
  /** The registry that has every other package. */
  readonly beyond?: string;
}

/** Starts a registry for the current test, or until `atEnd`. */
export async function registry(
  { token, status, stalls = false, beyond }: Manners = {},
  atEnd: (close: () => void) => void = onTestFinished,
): Promise<Registry> {
  const versions = new Map<string, Record<string, object>>();
  const tarballs = new Map<string, Buffer>();
  const tags = new Map<string, string>();
  const ages = new Map<string, number>();
  const requests: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    requests.push(path);
    if (stalls) return;
    const isKnown = token === undefined || request.headers.authorization === `Bearer ${token}`;
    const tarball = tarballs.get(path);
    const all = versions.get(path);
    // Registries set this for their lists of versions. Within this time npm would not ask again.
    response.setHeader('cache-control', 'public, max-age=300');
    if (status !== undefined || !isKnown) end(response, status ?? 401);
    else if (tarball) end(response, 200, tarball);
    else if (all)
      end(
        response,
        200,
        JSON.stringify({
          name: path,
          'dist-tags': { latest: tags.get(path) ?? Object.keys(all).at(-1) },
          versions: all,
          time: times(path, all, ages),
        }),
      );
    else if (beyond) response.writeHead(307, { location: new URL(path, beyond).href }).end();
    else end(response, 404);
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  atEnd(close);
  const scope = `//127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const url = `http:${scope}`;
  return {
    url,
    scope,
    requests,
    close,
    age: (name, version, days) => void ages.set(`${name}@${version}`, days),
    tagLatest: (name, version) => void tags.set(name, version),
    publish(name, version, tarball, announced = tarball, more = {}) {
      const path = `${name}/-/${version}-${tarballs.size}.tgz`;
      const integrity = `sha512-${createHash('sha512').update(announced).digest('base64')}`;
      tarballs.set(path, tarball);
      const dist = { tarball: `${url}${path}`, integrity };
      versions.set(name, { ...versions.get(name), [version]: { ...more, name, version, dist } });
    },
  };
}

/** When each version was published. */
function times(name: string, versions: object, ages: ReadonlyMap<string, number>): object {
  const before = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  return Object.fromEntries(
    Object.keys(versions).map((version) => [version, before(ages.get(`${name}@${version}`) ?? 1000)]),
  );
}

function end(response: ServerResponse, status: number, body: string | Buffer = '{}'): void {
  response.statusCode = status;
  response.setHeader('content-type', typeof body === 'string' ? 'application/json' : 'application/octet-stream');
  response.end(body);
}
