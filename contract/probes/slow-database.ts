import type { Database } from '../harness/backing/postgres.ts';
import type { Harness } from '../harness/harness.ts';
import type { Answer } from '../harness/http/ask.ts';
import { isFine } from '../harness/http/endpoint.ts';
import type { Service } from '../harness/service.ts';
import { sleep, until } from '../harness/wait.ts';
import { createItem } from './stored-item.ts';

/** More requests than a service has connections to its database. */
const CLIENTS = 40;
/** How long the table is locked, in seconds. */
const LOCKED = 6;
/** How long readiness is asked for meanwhile, in milliseconds. */
const ASKED_MS = 3500;

/** Locks the table that items are written to, and sends items: the database is up, and requests wait for it. */
export async function probeSlowDatabase(harness: Harness): Promise<void> {
  if (!(await harness.findWrite('a database that is slow'))) return;
  const limits = harness.subject.variables.filter(({ name }) => /(STATEMENT|QUERY|DATABASE)_TIMEOUT_MS$/.test(name));
  const database = await harness.database();
  const env = Object.fromEntries(limits.map(({ name }) => [name, '2000']));
  const service = await harness.start({ database, env });
  const tables = await writtenTables(database, () => createItem(harness, service));
  if (tables.length === 0) {
    harness.leftOut.push('a database that is slow: no table has a row more after an item was written');
    return;
  }
  const locked = database.query(
    `BEGIN; LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(${LOCKED}); COMMIT`,
  );
  locked.catch(() => undefined); // It is cut when the probe ends first.
  await until('the lock', 5000, async () => ((await isLocked(database)) ? true : undefined));
  const { path, body } = await harness.write();
  const sent = `${CLIENTS} clients that POST ${path}, while its table is locked for ${LOCKED} s`;
  const end = performance.now() + ASKED_MS;
  const answers: (Answer | Error)[] = [];
  const client = async () => {
    while (performance.now() < end) {
      const asked = service.ask(path, { method: 'POST', body: body(), timeoutMs: 20_000 });
      answers.push(await asked.catch((error: Error) => error));
      await sleep(20);
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
  await clients;
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
    const status = await service.status(service.paths.ready);
    if (!isFine(status)) return String(status);
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

/** The tables, quoted, that have more rows after `write`. */
async function writtenTables(database: Database, write: () => Promise<unknown>): Promise<string[]> {
  const names = await database.query(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  );
  const count = async () =>
    Promise.all(
      names.map(async ({ name }) => Number((await database.query(`SELECT count(*) AS n FROM ${name}`))[0]?.n)),
    );
  const before = await count();
  await write();
  const after = await count();
  return names.flatMap(({ name }, at) => ((after[at] ?? 0) > (before[at] ?? 0) ? [String(name)] : []));
}

async function isLocked(database: Database): Promise<boolean> {
  const rows = await database.query(
    "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND mode = 'AccessExclusiveLock' AND granted",
  );
  return rows.length > 0;
}
