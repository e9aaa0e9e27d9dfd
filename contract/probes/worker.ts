import { marginOf } from '../evidence.ts';
import type { Harness } from '../harness/harness.ts';
import { describeExit, isCleanStop } from '../harness/process/process.ts';
import { residentBytes } from '../harness/process/procfs.ts';
import type { RunOptions } from '../harness/runner.ts';
import { isSecret } from '../harness/schema/variables.ts';
import type { Service } from '../harness/service.ts';
import { sleep } from '../harness/wait.ts';
import { findLeak } from './log/leaked.ts';
import { GRACE_MS } from './stop/plain-stop.ts';

/** What is seen of a worker, which nobody can send a request. */

/** How long it is left to its work before a stop, in milliseconds. */
const WORK_MS = 500;
/** How long it has to say something of a database that refuses it, in milliseconds. */
const REFUSED_MS = 3000;
const MIB = 1024 * 1024;
/** Its memory at rest: the time to warm up and between two looks, how often it is looked at, and what the last may add. */
const REST = { ms: 4000, looks: 5, growth: 8 * MIB };

/** The same in words, for thresholds. */
export const REST_LIMIT = `a worker at rest adds at most ${REST.growth / MIB} MiB in ${REST.ms / 1000} s`;

const MARK = 'hunter2-do-not-log';

/** Stops a worker with a signal: it ends in time. */
export async function probeWorkerStop(
  harness: Harness,
  signal: 'SIGTERM' | 'SIGINT',
  options: RunOptions = {},
): Promise<void> {
  const worker = await harness.start(options);
  await sleep(WORK_MS);
  const from = performance.now();
  await worker.signal(signal);
  const exit = await worker.child.ended(GRACE_MS).catch(() => undefined);
  const isHouse = harness.asks('house');
  const clean = isHouse ? 'exit 0' : `exit 0, exit ${signal === 'SIGTERM' ? 143 : 130} or ${signal}`;
  harness.saw({
    sent: `${signal}: the end of the worker`,
    expected: `within ${GRACE_MS / 1000} s: ${clean}`,
    got: `${describeExit(exit)} after ${Math.round((exit?.at ?? performance.now()) - from)} ms`,
    ok: exit !== undefined && (isHouse ? exit.code === 0 : isCleanStop(exit, signal)),
    ...(exit ? {} : { steady: true }),
  });
}

/** Looks whether a worker that is left alone grows. */
export async function probeMemoryAtRest(harness: Harness, worker: Service): Promise<void> {
  const sizes: number[] = [];
  const look = async () => {
    await sleep(REST.ms);
    sizes.push(residentBytes(worker.child.members()));
  };
  const grown = () => (sizes.at(-1) ?? 0) - (sizes.at(-2) ?? 0);
  await look();
  for (let done = 0; done < REST.looks && (done === 0 || grown() > REST.growth); done += 1) await look();
  const { exited } = worker.child;
  harness.saw({
    sent: `its resident memory, every ${REST.ms / 1000} s, while nothing is asked of it`,
    expected: `at most ${REST.growth / MIB} MiB more than the time before, in the end`,
    got: exited
      ? `it ended: ${describeExit(exited)}`
      : sizes.map((bytes) => `${Math.round(bytes / MIB)} MiB`).join(', '),
    ok: grown() <= REST.growth && exited === undefined,
    ...(grown() > REST.growth ? { steady: true } : { margin: marginOf(grown(), REST.growth) }),
  });
}

/** Looks for what is secret in the environment of a worker in its log, also where its database refuses the password. */
export async function probeWorkerLog(harness: Harness): Promise<void> {
  const { subject } = harness;
  const loud = subject.verboseLog;
  const database = subject.hasDatabase ? await harness.database() : undefined;
  // A worker that writes its environment into the log shows what it does not know too.
  const env = { ...loud, TWELVE_PROBE_PASSWORD: MARK };
  const given = await harness.environment({ env, ...(database ? { database } : {}) });
  const secret = subject.variables.filter(isSecret).map(({ name }) => given[name]);
  const secrets = [MARK, ...[...secret, ...Object.values(given).map(passwordOf)].filter((text) => text !== undefined)];
  const worker = await harness.start({ env, ...(database ? { database } : {}) });
  await sleep(WORK_MS);
  see('the credentials of its environment', worker.child.output);
  if (!database || harness.leavesOut('a database that refuses the password')) return;
  const url = database.url.replace(database.password, encodeURIComponent(`${MARK}/+"%`));
  const refused = await harness.start({ env: loud, database: { url }, waitMs: 0 });
  await refused.child.ended(REFUSED_MS).catch(() => undefined);
  see('a password in DATABASE_URL that the database refuses', refused.child.output);

  function see(sent: string, output: string): void {
    const lines = output.split('\n').filter((line) => line.trim() !== '');
    const shown = lines.find((line) => findLeak(line, secrets));
    harness.saw({
      sent,
      expected: 'no line that shows them, encoded or not',
      got: shown?.slice(0, 200) ?? `none of ${lines.length} lines`,
      ok: shown === undefined,
    });
    if (lines.length === 0) harness.leftOut.push(`${sent}: it logs nothing`);
  }
}

/** The password in a URL. */
function passwordOf(text: string): string | undefined {
  const password = URL.canParse(text) ? new URL(text).password : '';
  return password === '' ? undefined : decodeURIComponent(password);
}
