import type { Database } from '../../harness/backing/postgres.ts';
import { TableLock } from '../../harness/backing/table-lock.ts';
import type { Harness } from '../../harness/harness.ts';
import { sleep } from '../../harness/wait.ts';

/** How long one that makes a table waits for another that makes one too, in milliseconds: less than any limit for a lock. */
const TOGETHER_MS = 300;
/** How long anybody is waited for. */
const COME_MS = 15_000;
const POLL_MS = 10;

const CATALOG = 'pg_catalog.pg_class';
const WAITING = `
  SELECT 1 FROM pg_locks WHERE relation = '${CATALOG}'::regclass AND NOT granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/**
 * Keeps everybody from making a table until two want to, or one has waited for a moment: without it the moment in which two
 * find no table, and both make it, is too short to be met. It sees to it from then on; a role that may not do it changes nothing.
 */
export async function meetAtFirstTable(harness: Harness, database: Database): Promise<void> {
  const gate = await TableLock.open(database);
  await harness.own(gate, () => gate.release());
  const isShut = await gate.lock([CATALOG], 'SHARE').then(
    () => true,
    () => false,
  );
  void (isShut ? openSoon(database, gate) : gate.release());
}

async function openSoon(database: Database, gate: TableLock): Promise<void> {
  const end = performance.now() + COME_MS;
  let since: number | undefined;
  while (performance.now() < Math.min(end, (since ?? end) + TOGETHER_MS)) {
    const waiting = await database.query(WAITING).catch(() => undefined);
    if (waiting === undefined || waiting.length > 1) break;
    if (waiting.length > 0) since ??= performance.now();
    await sleep(POLL_MS);
  }
  await gate.release();
}
