import type { Harness } from '../harness/harness.ts';
import { isFine } from '../harness/http/endpoint.ts';
import type { RawConnection } from '../harness/http/raw-connection.ts';
import { isLoud } from '../harness/process/line.ts';
import { describeExit } from '../harness/process/process.ts';
import type { RunOptions } from '../harness/runner.ts';
import type { Service } from '../harness/service.ts';
import { sleep } from '../harness/wait.ts';

/** How long the probed service keeps serving after the signal, in milliseconds. */
const DELAY = 800;

/**
 * Stops a busy service with a signal and looks at its clients: a health probe, a client that keeps sending on one
 * connection, one that waits on an open connection, and one that has sent half a body.
 */
export async function probeGracefulStop(
  harness: Harness,
  signal: NodeJS.Signals,
  options: RunOptions = {},
): Promise<void> {
  const env = { ...options.env, SHUTDOWN_DELAY_MS: String(DELAY), SHUTDOWN_TIMEOUT_MS: '6000' };
  const service = await harness.start({ ...options, env });
  const write = await harness.findWrite('half-sent bodies');
  const idle = await harness.connect(service);
  idle.get(service.paths.live);
  await idle.answer();
  const busy = await harness.connect(service);
  const half = await harness.connect(service);
  const rest = write && half.sendPart('POST', write.path, JSON.stringify(write.body()), 0.5);
  await sleep(100);

  const sent = `${signal} with SHUTDOWN_DELAY_MS=${DELAY}`;
  const saw = (what: string, expected: string, got: string, ok: boolean) =>
    harness.saw({ sent: `${sent}: ${what}`, expected, got, ok });
  const stop = new Stop(service, signal);
  const kept = keepSending(busy, service.paths.live, stop);
  const turned = await readinessTurns(service, stop);
  saw(
    `GET ${service.paths.ready} on a new connection`,
    '503 within 300 ms',
    `${turned.status} after ${turned.ms} ms`,
    turned.ok,
  );
  const live = await service.status(service.paths.live);
  saw(`GET ${service.paths.live} on a new connection during the delay`, '200', String(live), isFine(live));
  const { answers, end } = await kept;
  await stop.sent;
  const polite = answers > 0 && end === 'Connection: close';
  saw(
    'a client that keeps sending on one connection',
    'answers until one says Connection: close',
    `${answers} answers, then ${end}`,
    polite,
  );
  await sleep(Math.max(0, DELAY + 250 - stop.atLeast(performance.now())));
  const late = await service.status(service.paths.live);
  saw('a new connection after the delay', 'ECONNREFUSED', String(late), late === 'ECONNREFUSED');
  if (rest !== undefined) {
    half.write(rest);
    const answer = await half.answer().catch((error: Error) => error.message);
    const got = typeof answer === 'string' ? answer : String(answer.status);
    saw('the second half of a request body, after the delay', 'a 2xx answer', got, /^2\d\d$/.test(got));
  }
  const exit = await service.child.ended(5000).catch(() => undefined);
  const ms = stop.atLeast(exit?.at ?? performance.now());
  saw(
    'the end of the process',
    'exit 0 within 3 s of the signal',
    `${describeExit(exit)} after ${ms} ms`,
    exit?.code === 0 && ms < 3000,
  );
}

/** Looks whether a service gives up with a line in its log after SHUTDOWN_TIMEOUT_MS, and at once on a second signal. */
export async function probeForcedStop(harness: Harness, options: RunOptions = {}): Promise<void> {
  const budget = 700;
  const [late, twice] = await Promise.all([
    harness.start({ ...options, env: { SHUTDOWN_TIMEOUT_MS: String(budget) } }),
    harness.start({ ...options, env: { SHUTDOWN_TIMEOUT_MS: '15000' } }),
  ]);
  const { path, body } = await harness.write();
  for (const service of [late, twice])
    (await harness.connect(service)).sendPart('POST', path, JSON.stringify(body()), 0.5);
  await sleep(100);

  const stop = new Stop(late, 'SIGTERM');
  await Promise.all([stop.sent, new Stop(twice, 'SIGTERM').sent]);
  const exit = await late.child.ended(6000).catch(() => undefined);
  const end = exit?.at ?? performance.now();
  const ms = stop.atMost(end);
  const inTime = ms >= budget - 50 && stop.atLeast(end) < budget + 1300;
  harness.saw({
    sent: `SIGTERM with SHUTDOWN_TIMEOUT_MS=${budget} and a request body that never ends`,
    expected: `exit 1 after ${budget} ms`,
    got: `${describeExit(exit)} after ${ms} ms`,
    ok: exit?.code === 1 && inTime,
  });
  const loud = late.child.lines.filter((line) => line.at >= stop.from && isLoud(line, 'warn'));
  harness.saw({
    sent: 'its log after the signal',
    expected: 'a line of level warn, error or worse',
    got: loud[0]?.text ?? late.child.lines.at(-1)?.text ?? '(no line)',
    ok: loud.length > 0,
  });

  const waiting = twice.child.exited;
  const again = new Stop(twice, 'SIGTERM');
  await again.sent;
  const second = await twice.child.ended(5000).catch(() => undefined);
  const took = again.atLeast(second?.at ?? performance.now());
  harness.saw({
    sent: 'a second SIGTERM while a request is in flight and the budget is 15 s',
    expected: 'it was still waiting, then ends within 1 s',
    got: waiting ? `had ended before: ${describeExit(waiting)}` : `${describeExit(second)} after ${took} ms`,
    ok: waiting === undefined && second !== undefined && took < 1000,
  });
}

/**
 * A signal on its way. An engine needs time to deliver one and to say so: it arrives at some time between `from` and the
 * moment when `sent` settles. What must happen soon is counted from the later time, what must not happen early from the
 * earlier one.
 */
class Stop {
  readonly from = performance.now();
  readonly sent: Promise<void>;
  #to = Number.POSITIVE_INFINITY;

  constructor(service: Service, signal: NodeJS.Signals) {
    this.sent = service.signal(signal).finally(() => {
      this.#to = performance.now();
    });
    // The error is for those who wait for `sent`.
    this.sent.catch(() => undefined);
  }

  /** The least time since it arrived, in milliseconds; 0 while it is on its way. */
  atLeast(at: number): number {
    return Math.max(0, Math.round(at - this.#to));
  }

  /** The most time since it arrived, in milliseconds. */
  atMost(at: number): number {
    return Math.round(at - this.from);
  }
}

async function readinessTurns(
  service: Service,
  stop: Stop,
): Promise<{ status: number | string; ms: number; ok: boolean }> {
  for (;;) {
    const status = await service.status(service.paths.ready);
    const ms = stop.atLeast(performance.now());
    if (status !== 200 || ms > 1000) return { status, ms, ok: status === 503 && ms <= 300 };
    await sleep(10);
  }
}

async function keepSending(
  connection: RawConnection,
  path: string,
  stop: Stop,
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
