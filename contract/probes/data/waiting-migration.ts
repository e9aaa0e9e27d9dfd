import type { Harness } from '../../harness/harness.ts';
import { describeExit } from '../../harness/process/process.ts';
import { sleep } from '../../harness/wait.ts';
import { withMigrations } from './migrations.ts';

/** How long somebody reads the table that a migration changes, in seconds, unless all is known before. */
export const READS = 8;
/** How long others may have to wait meanwhile, in milliseconds. Without a limit they wait as long as the migration does. */
export const PATIENCE = 4000;

/** A read that takes longer has waited behind the migration. */
const NOTICED = 500;
const WAITING = "SELECT 1 FROM pg_locks WHERE relation = 'probe_read'::regclass AND NOT granted";
const END_READING =
  "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'BEGIN; SELECT%'";

/** Changes a table that somebody reads for a while: others who read it must not queue behind the migration. */
export async function probeWaitingMigration(harness: Harness): Promise<void> {
  const database = await harness.database();
  await database.query('CREATE TABLE probe_read (n integer)');
  const next = { name: 'probe_altered', up: 'ALTER TABLE probe_read ADD COLUMN more integer;\n' };
  let isRead = true;
  const reading = database.query(`BEGIN; SELECT * FROM probe_read; SELECT pg_sleep(${READS}); COMMIT`).finally(() => {
    isRead = false;
  });
  reading.catch(() => undefined); // It is cut when the probe ends first.
  await sleep(200);
  const migrating = harness.run(['migrate'], {
    database,
    target: withMigrations(harness, next),
    timeoutMs: 60_000,
  });
  migrating.catch(() => undefined); // Whoever waits for it gets the error.
  let slowest = 0;
  let hasWaited = false;
  while (isRead) {
    const from = performance.now();
    await database.query('SELECT count(*) FROM probe_read');
    slowest = Math.max(slowest, performance.now() - from);
    // Whoever read while it waited has been answered: all is known once it waits no more.
    const [waiting] = await database.query(WAITING);
    if (hasWaited && !waiting) await database.query(END_READING);
    hasWaited ||= waiting !== undefined || slowest > NOTICED;
    await sleep(100);
  }
  const sent = `migrate, which alters a table that somebody reads for ${READS} s`;
  harness.saw({
    sent: `${sent}; others read it meanwhile`,
    expected: `each answered within ${PATIENCE} ms`,
    got: `${Math.round(slowest)} ms at most`,
    ok: slowest <= PATIENCE,
  });
  const { exit } = await migrating;
  harness.saw({ sent, expected: 'exit 0, after the reader', got: describeExit(exit), ok: exit.code === 0 });
}
