import type { Database } from '../../harness/backing/postgres.ts';
import { TableLock } from '../../harness/backing/table-lock.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Answer } from '../../harness/http/ask.ts';
import { isFine } from '../../harness/http/endpoint.ts';
import type { Service } from '../../harness/service.ts';
import { sleep } from '../../harness/wait.ts';
import { createItem } from './stored-item.ts';

/** More requests than a service has connections to its database. */
export const CLIENTS = 40;
/** How long the table is locked, in seconds. */
export const LOCKED = 5;
/** Between two requests of a client: it is the requests that wait that count, not their number. */
const PAUSE_MS = 100;
/** How long readiness is asked for meanwhile, in milliseconds. */
const ASKED_MS = 3000;

/** Locks the table that items are written to, and sends items: the database is up, and requests wait for it. */
export async function probeSlowDatabase(harness: Harness): Promise<void> {
  if (!(await harness.findWrite('a database that is slow'))) return;
  const limits = harness.subject.variables.filter(({ name }) => /(STATEMENT|QUERY|DATABASE)_TIMEOUT_MS$/.test(name));
  const database = await harness.database();
  const env = harness.subject.comfort(Object.fromEntries(limits.map(({ name }) => [name, '2000'])));
  const service = await harness.start({ database, env });
  const lock = await TableLock.open(database);
  await harness.own(lock, () => lock.release());
  const tables = await writtenTables(database, lock.tables, () => createItem(harness, service));
  if (tables.length === 0) {
    harness.leftOut.push('a database that is slow: no table has a row more after an item was written');
    return;
  }
  await lock.lock(tables);
  const released = sleep(LOCKED * 1000).then(() => lock.release());
  const { path, body } = await harness.write();
  const sent = `${CLIENTS} clients that POST ${path}, while its table is locked for ${LOCKED} s`;
  const end = performance.now() + ASKED_MS;
  const answers: (Answer | Error)[] = [];
  const client = async () => {
    while (performance.now() < end) {
      const asked = service.ask(path, { method: 'POST', body: body(), timeoutMs: 20_000 });
      answers.push(await asked.catch((error: Error) => error));
      await sleep(PAUSE_MS);
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  await sleep(300);
  const wrong = await askReadiness(service, end);
  harness.saw({
    sent: `${sent}: GET ${service.paths.ready} meanwhile`,
    expected: '200 within 2 s, every time',
    got: wrong ?? '200',
    ok: wrong === undefined,
  });
  await Promise.all([clients, released]);
  const bad = answers.filter((answer) => !isHonest(answer));
  harness.saw({
    sent,
    expected: 'success, or 503 or 504 (or 429) with Retry-After',
    got: bad.length === 0 ? `${answers.length} such answers` : `${bad.length} others, such as ${describeOne(bad[0])}`,
    ok: bad.length === 0,
  });
}

async function askReadiness(service: Service, end: number): Promise<string | undefined> {
  for (; performance.now() < end; await sleep(150)) {
    const status = await service.statusInTurn(service.paths.ready);
    if (!service.isFine(status)) return String(status);
  }
  return undefined;
}

function isHonest(answer: Answer | Error): boolean {
  if (answer instanceof Error) return false;
  return isFine(answer.status) || ([429, 503, 504].includes(answer.status) && 'retry-after' in answer.headers);
}

function describeOne(answer: Answer | Error | undefined): string {
  if (answer === undefined || answer instanceof Error) return answer?.message ?? 'none';
  return `${answer.status} with Retry-After: ${answer.headers['retry-after'] ?? '(none)'}`;
}

/** The tables that have more rows after `write`. */
async function writtenTables(
  database: Database,
  names: readonly string[],
  write: () => Promise<unknown>,
): Promise<string[]> {
  const count = async () =>
    Promise.all(names.map(async (name) => Number((await database.query(`SELECT count(*) AS n FROM ${name}`))[0]?.n)));
  const before = await count();
  await write();
  const after = await count();
  return names.filter((_, at) => (after[at] ?? 0) > (before[at] ?? 0));
}
