import type { Observation } from '../../evidence.ts';
import { TableLock } from '../../harness/backing/table-lock.ts';
import type { Harness } from '../../harness/harness.ts';
import type { RawConnection } from '../../harness/http/raw-connection.ts';
import { isLoud } from '../../harness/process/line.ts';
import { describeExit } from '../../harness/process/process.ts';
import type { Service } from '../../harness/service.ts';
import { sleep } from '../../harness/wait.ts';
import { beginDripping } from './dripping-request.ts';
import { ignoredSignal } from './ignored-signal.ts';
import { AnswersInFlight, findLongRoutes } from './in-flight.ts';
import { BUDGET, DELAY, LATE_DELAY, type Listening, REST_MS, startGraceful } from './instances-to-stop.ts';
import { SignalOnItsWay } from './signal-on-its-way.ts';

/** How soon after the signal readiness turns, in milliseconds. */
export const TURN_MS = 300;
/** How soon after the signal a service ends that has nothing left to do. */
export const STOP_MS = 4000;
/** How soon after the budget the service has ended. */
export const GRACE_MS = 1300;
/** How soon it ends after a second signal. */
export const AT_ONCE_MS = 1000;

/**
 * Stops a busy service with a signal and looks at its clients: a health probe, a client that keeps sending on one
 * connection, one that waits on an open connection, one that has sent half a body, and those whose answers are under way.
 */
export async function probeGracefulStop(
  harness: Harness,
  signal: NodeJS.Signals,
  started: Promise<Listening | undefined>,
): Promise<void> {
  const { child, port, database } = (await started) ?? (await startGraceful(harness));
  const service = harness.service(child, port);
  const write = await harness.findWrite('half-sent bodies');
  const routes = await findLongRoutes(harness, service);
  const tables = database && (await TableLock.open(database));
  if (tables) await harness.own(tables, () => tables.release());
  const flights = new AnswersInFlight(harness, service, routes, tables);
  // Each has sent something: what a connection does to a stop on which nothing was sent is for another rule.
  await keepAlive(harness, service);
  const busy = await keepAlive(harness, service);
  const half = write && (await harness.connect(service));
  const rest = write && half?.sendPart('POST', write.path, JSON.stringify(write.body()), 0.5);
  const read = flights.begin();
  await sleep(100);

  const sent = `${signal} with SHUTDOWN_DELAY_MS=${DELAY}`;
  const noted: Observation[] = [];
  const saw = (what: string, expected: string, got: string, ok: boolean) =>
    noted.push({ sent: `${sent}: ${what}`, expected, got, ok });
  const stop = new SignalOnItsWay(service, signal);
  const kept = busy && keepSending(busy, service.paths.live, stop);
  const turned = await readinessTurns(service, stop);
  saw(
    `GET ${service.paths.ready} on a new connection`,
    `503 within ${TURN_MS} ms`,
    `${turned.status} after ${turned.ms} ms`,
    turned.ok,
  );
  const live = await service.status(service.paths.live);
  saw(`GET ${service.paths.live} on a new connection during the delay`, '200', String(live), service.isFine(live));
  const seen = await kept;
  await stop.sent;
  const through = flights.throughEnd(DELAY - stop.atLeast(performance.now()));
  saw(
    'a client that keeps sending on one connection',
    'answers until one says Connection: close',
    seen ? `${seen.answers} answers, then ${seen.end}` : 'none: each answer ends its connection',
    seen === undefined || (seen.answers > 0 && seen.end === 'Connection: close'),
  );
  await sleep(Math.max(0, DELAY + 250 - stop.atLeast(performance.now())));
  const late = await service.status(service.paths.live);
  saw('a new connection after the delay', 'ECONNREFUSED', String(late), late === 'ECONNREFUSED');
  read();
  if (half !== undefined && rest !== undefined) {
    await sleep(Math.max(0, DELAY + REST_MS - stop.atLeast(performance.now())));
    half.write(rest);
    const answer = await half.answer().catch((error: Error) => error.message);
    const got = typeof answer === 'string' ? answer : String(answer.status);
    saw(`the second half of a request body, ${REST_MS} ms after the delay`, 'a 2xx answer', got, /^2\d\d$/.test(got));
  }
  await through;
  for (const { sent: what, got, ok } of await flights.outcomes()) saw(what, 'a complete 2xx answer', got, ok);
  const exit = await service.child.ended(5000).catch(() => undefined);
  const ms = stop.atLeast(exit?.at ?? performance.now());
  saw(
    'the end of the process',
    `exit 0 within ${STOP_MS / 1000} s of the signal`,
    `${describeExit(exit)} after ${ms} ms`,
    exit?.code === 0 && ms < STOP_MS,
  );
  const isDeaf = exit === undefined && service.isFine(turned.status) && service.isFine(late);
  for (const one of isDeaf ? [await ignoredSignal(service, sent, signal, ms)] : noted) harness.saw(one);
}

/**
 * Looks whether a service gives up with a line in its log after SHUTDOWN_TIMEOUT_MS, and at once on a second signal.
 * @param hurry the second signal, after SIGTERM
 */
export async function probeForcedStop(
  harness: Harness,
  started: Promise<readonly [Service, Service]>,
  hurry: 'SIGTERM' | 'SIGINT',
): Promise<void> {
  const [late, twice] = await started;
  const { path, body } = await harness.write();
  for (const service of [late, twice])
    (await harness.connect(service)).sendPart('POST', path, JSON.stringify(body()), 0.5);
  await beginDripping(harness, late, path);
  await sleep(100);

  const stop = new SignalOnItsWay(late, 'SIGTERM');
  await Promise.all([stop.sent, new SignalOnItsWay(twice, 'SIGTERM').sent]);
  const exit = await late.child.ended(6000).catch(() => undefined);
  const end = exit?.at ?? performance.now();
  const ms = stop.atMost(end);
  const inTime = ms >= BUDGET - 50 && stop.atLeast(end) < BUDGET + GRACE_MS;
  harness.saw({
    sent: `SIGTERM with SHUTDOWN_TIMEOUT_MS=${BUDGET}, SHUTDOWN_DELAY_MS=${LATE_DELAY} and request bodies that never end, one of which comes byte by byte`,
    expected: `exit 1 after ${BUDGET} ms`,
    got: `${describeExit(exit)} after ${ms} ms`,
    ok: exit?.code === 1 && inTime,
    ...(exit ? {} : { steady: true }),
  });
  const loud = late.child.lines.filter((line) => line.at >= stop.from && isLoud(line, 'warn'));
  harness.saw({
    sent: 'its log after the signal',
    expected: 'a line of level warn, error or worse',
    got: loud[0]?.text ?? late.child.lines.at(-1)?.text ?? '(no line)',
    ok: loud.length > 0,
  });

  const waiting = twice.child.exited;
  const again = new SignalOnItsWay(twice, hurry);
  await again.sent;
  const second = await twice.child.ended(5000).catch(() => undefined);
  const took = again.atLeast(second?.at ?? performance.now());
  harness.saw({
    sent: `SIGTERM, then ${hurry} while a request is in flight and the budget is 15 s`,
    expected: `it was still waiting, then ends within ${AT_ONCE_MS / 1000} s`,
    got: waiting ? `had ended before: ${describeExit(waiting)}` : `${describeExit(second)} after ${took} ms`,
    ok: waiting === undefined && second !== undefined && took < AT_ONCE_MS,
  });
}

async function readinessTurns(
  service: Service,
  stop: SignalOnItsWay,
): Promise<{ status: number | string; ms: number; ok: boolean }> {
  for (;;) {
    const status = await service.status(service.paths.ready);
    const ms = stop.atLeast(performance.now());
    if (!service.isFine(status) || ms > 1000) return { status, ms, ok: status === 503 && ms <= 300 };
    await sleep(10);
  }
}

/** A connection that stays open after an answer; `undefined` if the service ends each after one. */
async function keepAlive(harness: Harness, service: Service): Promise<RawConnection | undefined> {
  const connection = await harness.connect(service);
  connection.get(service.paths.live);
  const { isLast } = await connection.answer();
  await sleep(20);
  return isLast || connection.closed ? undefined : connection;
}

async function keepSending(
  connection: RawConnection,
  path: string,
  stop: SignalOnItsWay,
): Promise<{ answers: number; end: string }> {
  let answers = 0;
  while (stop.atLeast(performance.now()) < DELAY + 2000) {
    connection.get(path);
    const answer = await connection.answer().catch((error: Error) => error.message);
    if (typeof answer === 'string') return { answers, end: answer };
    answers += 1;
    if (answer.isLast) return { answers, end: 'Connection: close' };
    await sleep(20);
  }
  return { answers, end: 'no Connection: close' };
}
