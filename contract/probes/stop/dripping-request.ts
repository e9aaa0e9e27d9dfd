import type { Harness } from '../../harness/harness.ts';
import type { Service } from '../../harness/service.ts';

/** How often a byte comes, in milliseconds: more often than any time that a service may wait for the next one. */
const EVERY_MS = 100;
/** More bytes than come until the end of a stop. */
const BYTES = 4000;

/** Begins a request that comes byte by byte and never ends: with a body if a path takes one, else with a header. */
export async function beginDripping(harness: Harness, service: Service, path: string | undefined): Promise<void> {
  const connection = await harness.connect(service);
  const { host } = new URL(service.url);
  connection.write(
    path === undefined
      ? `GET ${service.paths.live} HTTP/1.1\r\nHost: ${host}\r\nX-Endless: `
      : `${connection.head('POST', path, BYTES)}{`,
  );
  const timer = setInterval(() => connection.write(' '), EVERY_MS);
  await harness.own(timer, () => clearInterval(timer));
}
