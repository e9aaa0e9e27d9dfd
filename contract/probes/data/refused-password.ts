import type { Harness } from '../../harness/harness.ts';
import { describeExit } from '../../harness/process/process.ts';
import { sleep, until } from '../../harness/wait.ts';

/** How long readiness is asked for while the database refuses the password, in milliseconds. */
const REFUSED_MS = 2000;
/** How long liveness is asked for then: the database is away for as long. */
export const LIVES_MS = 20_000;
/** How long one that stops takes to end, in milliseconds. */
const END_MS = 5000;

/** Starts a service with a password that the database refuses: it is not ready, and it lives. */
export async function probeRefusedPassword(harness: Harness): Promise<void> {
  const database = await harness.database();
  const url = new URL(database.url);
  url.password = 'hunter2-do-not-accept';
  const service = await harness.start({ database: { url: url.href }, waitMs: 0 });
  const { ready } = service.paths;
  let status: number | string = 'nothing';
  const see = async () => {
    status = service.child.exited ? describeExit(service.child.exited) : await service.status(ready);
    return typeof status === 'number' || service.child.exited ? true : undefined;
  };
  await until('it to answer or to end', harness.subject.startMs, see).catch(() => undefined);
  const begun = performance.now();
  const end = begun + REFUSED_MS;
  while (!service.isFine(status) && !service.child.exited && performance.now() < end) {
    await sleep(100);
    await see();
  }
  harness.saw({
    sent: `the database refuses the password: GET ${ready} for ${REFUSED_MS / 1000} s`,
    expected: '503, or an end',
    got: String(status),
    ok: !service.isFine(status),
  });
  // What has not answered yet listens only once it reaches its database.
  if (service.child.exited || typeof status !== 'number') return;
  let lives: number | string = 'nothing';
  do {
    await sleep(1000);
    await service.status(ready);
    lives = await service.status(service.paths.live);
  } while (service.isFine(lives) && performance.now() < begun + LIVES_MS);
  // It may be about to end, which it may.
  if (!service.isFine(lives)) await service.child.ended(END_MS).catch(() => undefined);
  if (service.child.exited) return;
  harness.saw({
    sent: `the database refuses the password for ${LIVES_MS / 1000} s: GET ${service.paths.live} each second`,
    expected: '200',
    got: `${lives} after ${Math.round((performance.now() - begun) / 1000)} s`,
    ok: service.isFine(lives),
  });
}
