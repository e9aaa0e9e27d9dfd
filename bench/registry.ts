import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';

/** A package registry on 127.0.0.1, for as long as a cold start is measured. */
export interface Registry {
  readonly url: string;
  readonly close: () => void;
}

interface PackageManifest {
  readonly name: string;
  readonly version: string;
}

/**
 * Serves what npm asks for when it installs: a package's versions, and their tarballs. All else is answered with 404.
 * @param tarballs files made by `npm pack`
 */
export async function serveTarballs(tarballs: readonly string[]): Promise<Registry> {
  const files = new Map<string, Buffer>(tarballs.map((path) => [basename(path), readFileSync(path)]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1);
    const body = packuments.get(path) ?? files.get(path.replace(/^-\//, ''));
    response.statusCode = body === undefined ? 404 : 200;
    response.setHeader('content-type', typeof body === 'string' ? 'application/json' : 'application/octet-stream');
    response.end(body ?? '');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const packuments = packumentsOf(tarballs, url);
  return { url, close: () => server.close() };
}

/** name -> the JSON text that a registry answers with; with several versions of a package the last is its latest. */
function packumentsOf(tarballs: readonly string[], url: string): Map<string, string> {
  const versions = new Map<string, Record<string, object>>();
  for (const path of tarballs) {
    const text = execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' });
    const manifest = JSON.parse(text) as PackageManifest;
    const integrity = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
    const dist = { tarball: `${url}-/${basename(path)}`, integrity };
    versions.set(manifest.name, { ...versions.get(manifest.name), [manifest.version]: { ...manifest, dist } });
  }
  return new Map(
    [...versions].map(([name, all]) => {
      const latest = Object.keys(all).at(-1);
      return [name, JSON.stringify({ name, 'dist-tags': { latest }, versions: all })];
    }),
  );
}
