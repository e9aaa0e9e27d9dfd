import type { Observation } from '../../evidence.ts';
import type { Harness } from '../../harness/harness.ts';
import type { RawConnection } from '../../harness/http/raw-connection.ts';
import { describeExit, isCleanStop } from '../../harness/process/process.ts';
import type { RunOptions } from '../../harness/runner.ts';
import type { Service } from '../../harness/service.ts';
import { sleep } from '../../harness/wait.ts';
import { beginDripping } from './dripping-request.ts';
import { ignoredSignal, isKeptFrom } from './ignored-signal.ts';
import { AnswersInFlight, findLongRoutes } from './in-flight.ts';
import { REST_MS } from './instances-to-stop.ts';

/** What platforms give a process from SIGTERM to SIGKILL, in milliseconds. */
const PLATFORM_MS = 30_000;
/** Servers that count to 30 s themselves end a moment later. */
const BEYOND_MS = 5000;
/** How long a stop may take. */
export const GRACE_MS = PLATFORM_MS + BEYOND_MS;
/** The same in words, with its reason. */
export const GRACE = `${GRACE_MS / 1000} s: the ${PLATFORM_MS / 1000} s that platforms give, and ${BEYOND_MS / 1000} s more for servers that count to ${PLATFORM_MS / 1000} themselves`;
/** How soon it ends after a second SIGINT, in milliseconds. */
export const HURRY_MS = 5000;
/** From the signal to the rest of a request that is in flight, and to the second signal. */
const MEANWHILE_MS = 300;
/** How long a process is waited for that cannot get the signal. */
const KEPT_MS = 3000;
/** How long new requests have to be answered, where the service can be told to wait. */
const DELAY_MS = 1500;

/**
 * Stops a service with a signal, as any platform does: a request in flight is answered, and it ends in time. How it says so
 * is its own business: exit 0, the shell's code for the signal, or death by the signal.
 */
export async function probePlainStop(
  harness: Harness,
  signal: 'SIGTERM' | 'SIGINT',
  options: RunOptions = {},
): Promise<void> {
  const delay = harness.asks('kubernetes') ? harness.subject.shutdownDelay(DELAY_MS) : undefined;
  const service = await harness.start({ ...options, env: { ...options.env, ...delay } });
  const { slow } = harness.subject.mapping;
  const routes = slow === undefined ? await findLongRoutes(harness, service) : { slow, large: undefined };
  const flights = new AnswersInFlight(harness, service, routes);
  const read = flights.begin();
  const isFlying = routes.slow !== undefined || routes.large !== undefined;
  const flight = await takeOff(harness, service, isFlying ? undefined : 'a request in flight at the signal');
  const late = delay && (await takeOff(harness, service));
  await sleep(100);
  const isKept = await isKeptFrom(service, signal);
  const from = performance.now();
  await service.signal(signal);
  await sleep(MEANWHILE_MS);
  const noted: Observation[] = [];
  const sent = `${signal}${delay ? ` with ${describeEnv(delay)}` : ''}`;
  if (delay) {
    const status = await service.status(service.paths.live);
    noted.push({
      sent: `${sent}: a new request ${MEANWHILE_MS} ms later`,
      expected: 'an answer, since load balancers still send some',
      got: String(status),
      ok: service.isFine(status),
    });
  } else if (harness.asks('kubernetes'))
    harness.leftOut.push(
      'new requests after the signal: no variable for a delay is known, so a preStop hook has to wait',
    );
  const land = async (one: Flight | undefined, after: string) => {
    if (!one) return;
    const got = await one.land();
    const what = `${sent}: the second half of a request body, ${after}`;
    noted.push({ sent: what, expected: 'an answer', got, ok: /^[1-4]\d\d$/.test(got) });
  };
  await land(flight, `${MEANWHILE_MS} ms later`);
  read();
  if (delay) {
    // What a service lets go at the end of the delay may be what a request needs that has begun before.
    const end = from + DELAY_MS;
    const through = flights.throughEnd(end - performance.now());
    await sleep(end + REST_MS - performance.now());
    await land(late, `${REST_MS} ms after the delay`);
    await through;
  }
  for (const { sent: what, got, ok } of await flights.outcomes())
    noted.push({ sent: `${sent}: ${what}`, expected: 'a complete answer', got, ok });
  // What the kernel does not deliver needs no patience.
  const exit = await service.child.ended(isKept ? KEPT_MS : GRACE_MS).catch(() => undefined);
  const ms = Math.round((exit?.at ?? performance.now()) - from);
  noted.push({
    sent: `${sent}: the end of the process`,
    expected: `within ${GRACE_MS / 1000} s: exit 0, exit ${signal === 'SIGTERM' ? 143 : 130} or ${signal}`,
    got: `${describeExit(exit)} after ${ms} ms`,
    ok: exit !== undefined && isCleanStop(exit, signal),
    ...(exit ? {} : { steady: true }),
  });
  const isDeaf = exit === undefined && service.isFine(await service.status(service.paths.live));
  for (const one of isDeaf ? [await ignoredSignal(service, sent, signal, ms)] : noted) harness.saw(one);
}

/** Stops a service while a request is in flight that never ends: it ends in time all the same, and a second SIGINT hurries it. */
export async function probeEndlessRequest(
  harness: Harness,
  started: Promise<readonly [Service, Service]>,
): Promise<void> {
  const [late, twice] = await started;
  const what = await beginEndless(harness, late);
  await beginEndless(harness, twice);
  await beginDripping(harness, late, (await harness.findWrite())?.path);
  await sleep(100);
  const from = performance.now();
  await Promise.all([late.signal('SIGTERM'), twice.signal('SIGINT')]);
  await Promise.all([seeEnd(), seeHurry()]);

  async function seeEnd(): Promise<void> {
    const exit = await late.child.ended(GRACE_MS).catch(() => undefined);
    harness.saw({
      sent: `SIGTERM and ${what} that never ends, and one that comes byte by byte`,
      expected: `an end within ${GRACE_MS / 1000} s`,
      got: `${describeExit(exit)} after ${Math.round((exit?.at ?? performance.now()) - from)} ms`,
      ok: exit !== undefined,
      ...(exit ? {} : { steady: true }),
    });
  }

  async function seeHurry(): Promise<void> {
    await sleep(MEANWHILE_MS);
    const first = twice.child.exited;
    if (!first) await twice.signal('SIGINT');
    const exit = first ?? (await twice.child.ended(HURRY_MS).catch(() => undefined));
    harness.saw({
      sent: `a second SIGINT during a stop that waits for ${what}`,
      expected: `an end within ${HURRY_MS / 1000} s`,
      got: first ? `it ended at the first: ${describeExit(first)}` : describeExit(exit),
      ok: exit !== undefined,
    });
  }
}

interface Flight {
  /** Sends the rest of it, if there is one. @returns the status, or what went wrong */
  land(): Promise<string>;
}

/** A request with half a body. @param without what cannot be looked at if no route takes one */
async function takeOff(harness: Harness, service: Service, without?: string): Promise<Flight | undefined> {
  const write = await harness.findWrite(without);
  if (!write) return undefined;
  const connection = await harness.connect(service);
  const rest = connection.sendPart('POST', write.path, JSON.stringify(write.body()), 0.5);
  return {
    land: async () => {
      connection.write(rest);
      return connection.answer().then(
        ({ status }) => String(status),
        (error: Error) => error.message,
      );
    },
  };
}

async function beginEndless(harness: Harness, service: Service): Promise<string> {
  const write = await harness.findWrite();
  const connection: RawConnection = await harness.connect(service);
  if (write) {
    connection.sendPart('POST', write.path, JSON.stringify(write.body()), 0.5);
    return 'a request body';
  }
  connection.write(`GET ${service.paths.live} HTTP/1.1\r\nHost: ${new URL(service.url).host}\r\nX-Endless: `);
  return 'a request header';
}

const describeEnv = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map((pair) => pair.join('='))
    .join(' ');
