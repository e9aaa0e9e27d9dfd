import { randomUUID } from 'node:crypto';
import type { Database } from '../../harness/backing/postgres.ts';
import type { Harness } from '../../harness/harness.ts';
import { describeExit, isCleanStop } from '../../harness/process/process.ts';
import { lastLines } from '../../harness/process/quote.ts';
import { TimedOut, Unseen, until } from '../../harness/wait.ts';
import type { Queue } from '../../mapping.ts';
import { GRACE_MS } from '../stop/plain-stop.ts';

/** So many that a worker is in the middle of one at any time. */
export const JOBS = 300;
/** How long a worker may take for all of them, in milliseconds. */
export const DONE_MS = 60_000;

/** Stops a worker that has much to do, and looks whether another one does what it leaves. */
export async function probeReturnedJobs(harness: Harness): Promise<void> {
  const { queue } = harness.subject;
  if (!queue) throw new Unseen('no queue is known');
  const database = await harness.database();
  const left = () => countLeft(database, queue);
  const none = async () => ((await left()) === 0 ? true : undefined);
  const start = () => harness.spawn(queue.verb ?? ['web'], { database, env: { ...harness.port(0), ...unhurried } });
  const unhurried = { ...harness.subject.shutdownDelay(0), ...harness.subject.shutdownTimeout(GRACE_MS) };

  await add(database, queue, 1);
  const first = await start();
  await until('the job', DONE_MS, none).catch((error: Error) => {
    if (!(error instanceof TimedOut)) throw error;
    throw new Unseen(
      `a job that was added is not done after ${DONE_MS / 1000} s. The end of its log: ${lastLines(first.output, 3)}`,
    );
  });
  await add(database, queue, JOBS);
  await until('a job that is done', DONE_MS, async () => ((await left()) < JOBS ? true : undefined));
  const from = performance.now();
  await first.signal('SIGTERM');
  const exit = await first.ended(GRACE_MS).catch(() => undefined);
  harness.saw({
    sent: 'SIGTERM to a worker at work',
    expected: `an end within ${GRACE_MS / 1000} s`,
    got: `${describeExit(exit)} after ${Math.round((exit?.at ?? performance.now()) - from)} ms`,
    ok: exit !== undefined && isCleanStop(exit, 'SIGTERM'),
  });
  const rest = await left();
  if (rest === 0) {
    harness.leftOut.push(`jobs that a stopped worker leaves: it had done all ${JOBS} by its end`);
    return;
  }
  const second = await start();
  const stopped = stopsFalling(left, queue.againMs ?? DONE_MS, () => second.wroteAfter(0) !== undefined);
  await until('the rest', DONE_MS, stopped).catch((error: Error) => {
    if (!(error instanceof TimedOut)) throw error;
  });
  const after = await left();
  harness.saw({
    sent: `another worker, while ${rest} jobs are left`,
    expected: `all are done within ${DONE_MS / 1000} s`,
    got: `${after} are left${second.exited ? `; it ended: ${describeExit(second.exited)}` : ''}`,
    ok: after === 0,
  });
}

/** Whether a number is 0, or has not fallen for so many milliseconds since `isUp`. */
function stopsFalling(count: () => Promise<number>, ms: number, isUp: () => boolean): () => Promise<true | undefined> {
  let least = Number.POSITIVE_INFINITY;
  let fellAt = performance.now();
  return async () => {
    const now = await count();
    if (now < least || !isUp()) [least, fellAt] = [now, performance.now()];
    return now === 0 || performance.now() - fellAt > ms || undefined;
  };
}

/** @throws Unseen when the database refuses the statement */
async function add(database: Database, { add: statement }: Queue, count: number): Promise<void> {
  const all = Array.from({ length: count }, () => statement.replaceAll('{random}', randomUUID()));
  await database.query(all.join(';\n')).catch((error: Error) => {
    throw new Unseen(`no job can be added: ${error.message}`);
  });
}

/** @throws Unseen when the statement gives no number */
async function countLeft(database: Database, { left }: Queue): Promise<number> {
  const [row = {}] = await database.query(left).catch((error: Error) => {
    throw new Unseen(`jobs cannot be counted: ${error.message}`);
  });
  const [value] = Object.values(row);
  const count = value === null || value === undefined ? Number.NaN : Number(value);
  if (!Number.isInteger(count)) throw new Unseen(`"${left}" gives no number`);
  return count;
}
