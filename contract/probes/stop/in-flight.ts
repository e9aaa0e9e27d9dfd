import type { TableLock } from '../../harness/backing/table-lock.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Endpoint } from '../../harness/http/endpoint.ts';
import { isFine } from '../../harness/http/endpoint.ts';
import type { Service } from '../../harness/service.ts';
import { sleep } from '../../harness/wait.ts';

/** An answer that takes this long, in milliseconds, is under way when a signal comes. */
const SLOW_MS = 300;
/** One that takes longer would hold the stop for too long. */
const SLOWEST_MS = 2000;
/** What a kernel takes at once of an answer that nobody reads: a larger one is under way until somebody does. */
const LARGE_BYTES = 8 * 1024 * 1024;
/** Routes of a service that describes none. Asking for one that is not there costs nothing. */
const USUAL = ['/', '/slow', '/delay/1', '/download', '/export', '/report', '/stream', '/large'];
/** While it stops, a 503 of these is right. */
const HEALTH = /health|ready|live/;
/** Of a large service this many routes are asked. */
const MOST = 20;
/**
 * How long before the end of the delay requests are sent that wait for locked tables, and how long after it the tables are
 * released, in milliseconds. Services have limits for a statement, the reference of a second.
 */
const BEFORE_MS = 600;
const AFTER_MS = 250;
/** How long before the end of the delay a slow route is asked, in milliseconds. */
const AT_WORK_MS = 100;
/** The service counts its delay from another moment than the probe, by this much at most, in milliseconds. */
const SLACK_MS = 100;

/** A request that is under way, and what became of it. */
interface Flight {
  readonly sent: string;
  readonly ended: Promise<number | string>;
  /** When it ended, in milliseconds of `performance.now()`. */
  at: number;
}

/** GET routes whose answers take a while: because they are computed, or because they are large. */
interface LongRoutes {
  readonly slow: string | undefined;
  readonly large: string | undefined;
}

/** Asks every route once that can be asked without harm. */
export async function findLongRoutes(harness: Harness, service: Endpoint): Promise<LongRoutes> {
  const described = await harness.openApi().then(
    ({ operations }) => operations.filter(({ method, path }) => method === 'GET' && !path.includes('{')),
    () => undefined,
  );
  const paths = described?.map(({ path }) => path).slice(0, MOST) ?? USUAL;
  let { slow } = harness.subject.mapping;
  let large: string | undefined;
  const look = async (path: string) => {
    // The first time a route may be slow since it is the first.
    for (let time = 0; time < 2; time += 1) {
      const answer = await service.ask(path, { timeoutMs: SLOWEST_MS }).catch((error: Error) => error);
      if (answer instanceof Error) {
        if (/longer than/.test(answer.message)) large ??= path;
        return;
      }
      if (!isFine(answer.status)) return;
      if (answer.text.length > LARGE_BYTES) large ??= path;
      if (answer.ms < SLOW_MS) return;
    }
    slow ??= path;
  };
  await Promise.all(paths.map(look));
  return { slow, large };
}

/** Requests that are under way when a service is told to stop, and when it stops to take new ones. */
export class AnswersInFlight {
  readonly #harness: Harness;
  readonly #service: Service;
  readonly #tables: TableLock | undefined;
  readonly #flights: Flight[] = [];
  readonly #routes: LongRoutes;

  constructor(harness: Harness, service: Service, routes: LongRoutes, tables?: TableLock) {
    this.#harness = harness;
    this.#service = service;
    this.#routes = routes;
    this.#tables = tables;
  }

  /** Sends what is under way when the signal comes. @returns what reads the large answer, to be called after the stop has begun */
  begin(): () => void {
    const { slow, large } = this.#routes;
    if (slow !== undefined) this.#add(`GET ${slow}, which was under way when the signal came`, this.#ask(slow));
    if (large === undefined) return () => undefined;
    const download = this.#service.download(large);
    this.#add(`GET ${large}, of which half was read when the signal came`, download.ended);
    return () => download.resume();
  }

  /**
   * Sends requests that are at work when the delay ends: their tables are locked, or their route is slow.
   * @param left milliseconds until then
   */
  async throughEnd(left: number): Promise<void> {
    const end = performance.now() + left;
    const requests = await this.#waitingRequests();
    await sleep(end - BEFORE_MS - performance.now());
    const released = this.#releaseAt(end + AFTER_MS);
    const flights = requests.map(({ sent, ask }) => {
      const flight: Flight = {
        sent: `${sent}, which was at work when the delay ended`,
        ended: ask(),
        at: Number.NEGATIVE_INFINITY,
      };
      void flight.ended.then((got) => {
        // On a busy machine one may be sent after the end. A connection that was refused was never under way.
        if (!String(got).includes('ECONNREFUSED')) flight.at = performance.now();
      });
      return flight;
    });
    await Promise.all([released, ...flights.map(({ ended }) => ended)]);
    this.#flights.push(...flights.filter(({ at }) => at >= end - SLACK_MS));
  }

  /** How all of it ended, for evidence. */
  async outcomes(): Promise<{ sent: string; got: string; ok: boolean }[]> {
    return Promise.all(
      this.#flights.map(async ({ sent, ended }) => {
        const got = await ended;
        return { sent, got: String(got), ok: isFine(got) };
      }),
    );
  }

  #add(sent: string, ended: Promise<number | string>): void {
    this.#flights.push({ sent, ended, at: Infinity });
  }

  #ask(path: string, method = 'GET', body?: unknown): Promise<number | string> {
    const asked = this.#service.ask(path, { method, body, timeoutMs: 10_000 });
    return asked.then(
      ({ status }) => status,
      (error: Error) => error.message,
    );
  }

  async #releaseAt(time: number): Promise<void> {
    await sleep(time - performance.now());
    await this.#tables?.release();
  }

  /** Requests that do not end before the delay does: from now on the tables are locked. */
  async #waitingRequests(): Promise<{ sent: string; ask: () => Promise<number | string> }[]> {
    const { slow } = this.#routes;
    if (this.#tables === undefined)
      return slow === undefined
        ? []
        : [{ sent: `GET ${slow}`, ask: () => sleep(BEFORE_MS - AT_WORK_MS).then(() => this.#ask(slow)) }];
    if (this.#tables.tables.length === 0) return [];
    const write = await this.#harness.findWrite();
    const operations = (await this.#harness.openApi()).operations;
    const reads = operations
      .filter(({ method, path }) => method === 'GET' && !path.includes('{') && !HEALTH.test(path))
      .slice(0, MOST);
    await this.#tables.lock();
    return [
      ...(write ? [{ sent: `POST ${write.path}`, ask: () => this.#ask(write.path, 'POST', write.body()) }] : []),
      ...reads.map(({ path }) => ({ sent: `GET ${path}`, ask: () => this.#ask(path) })),
    ];
  }
}
