import type { Harness } from '../harness/harness.ts';
import { describeExit } from '../harness/process/process.ts';
import { sleep } from '../harness/wait.ts';
import { withMigrations } from './migrations.ts';

/** How long somebody reads the table that a migration changes, in seconds. */
const READS = 8;
/** How long others may have to wait meanwhile, in milliseconds. Without a limit they wait as long as the migration does. */
const PATIENCE = 4000;

/** Changes a table that somebody reads for a while: others who read it must not queue behind the migration. */
export async function probeWaitingMigration(harness: Harness): Promise<void> {
  const database = await harness.emptyDatabase();
  const first = { name: 'probe_read', up: 'CREATE TABLE probe_read (n integer);\n' };
  const next = { name: 'probe_altered', up: 'ALTER TABLE probe_read ADD COLUMN more integer;\n' };
  const made = await harness.run(['migrate'], { database, target: withMigrations(harness, first), timeoutMs: 60_000 });
  if (made.exit.code !== 0) return; // Other observations say so.
  let isRead = true;
  const reading = database.query(`BEGIN; SELECT * FROM probe_read; SELECT pg_sleep(${READS}); COMMIT`).finally(() => {
    isRead = false;
  });
  reading.catch(() => undefined); // It is cut when the probe ends first.
  await sleep(200);
  const migrating = harness.run(['migrate'], {
    database,
    target: withMigrations(harness, first, next),
    timeoutMs: 60_000,
  });
  migrating.catch(() => undefined); // Whoever waits for it gets the error.
  let slowest = 0;
  while (isRead) {
    const from = performance.now();
    await database.query('SELECT count(*) FROM probe_read');
    slowest = Math.max(slowest, performance.now() - from);
    await sleep(200);
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
