import { describeExit } from '../harness/process/process.ts';
import { errorsFirst } from '../harness/process/quote.ts';
import { until } from '../harness/wait.ts';
import { meetAtFirstTable } from '../probes/data/first-migration.ts';
import { requireFolder, withMigrations } from '../probes/data/migrations.ts';
import { PATIENCE, probeWaitingMigration, READS } from '../probes/data/waiting-migration.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** How soon a migration is done after one that was killed, in milliseconds. */
const AFTER_KILL_MS = 12_000;

const RUNNERS = 4;

export const rule: Rule = {
  id: 'XII-1',
  level: 'MUST',
  factor: 'XII. Admin processes',
  slow: 'it migrates eight times',
  promises: {
    'twelve-factor':
      'Any number of `migrate` may run together: all exit 0, each migration is applied once, killing one blocks nobody, and one that waits for a table holds nobody up who reads it.',
  },
  why: 'A rolling update and a retried job start several; a lock that stays after a kill stops every release until somebody finds it.',
  mend: 'Poll `pg_try_advisory_lock` on the session that migrates (a blocking lock deadlocks with CREATE INDEX CONCURRENTLY), and set `client_connection_check_interval`, so that the server notices a client that died in the middle of a statement. Set a `lock_timeout` of a second or so, and try again.',
  thresholds: [
    `${RUNNERS} run together`,
    `one that follows a killed one is done within ${AFTER_KILL_MS / 1000} s`,
    `a reader waits ${PATIENCE / 1000} s at most while a migration waits for ${READS} s`,
  ],
  byHand: ['for i in 1 2 3 4; do ($MIGRATE; echo $?) & done; wait'],
  applies: (subject) => all(subject.isProcess(), subject.stores()),
  async check(harness) {
    await requireFolder(harness);
    await Promise.all([manyAtOnce(), killed(), probeWaitingMigration(harness)]);
    return harness.evidence;

    async function manyAtOnce(): Promise<void> {
      const database = await harness.emptyDatabase();
      const target = withMigrations(
        harness,
        {
          name: 'probe_table',
          up: 'CREATE TABLE IF NOT EXISTS probe_runs (n integer);\nINSERT INTO probe_runs VALUES (1);\nSELECT pg_sleep(0.3);\n',
        },
        {
          name: 'probe_index',
          up: '-- migrate:no-transaction\nCREATE INDEX CONCURRENTLY probe_runs_n ON probe_runs (n);\n',
        },
        { name: 'probe_last', up: 'INSERT INTO probe_runs VALUES (2);\n' },
      );
      await meetAtFirstTable(harness, database);
      const ended = await Promise.all(
        Array.from({ length: RUNNERS }, () => harness.run(['migrate'], { database, target, timeoutMs: 60_000 })),
      );
      const codes = ended.map(({ exit }) => describeExit(exit));
      const first = ended.find(({ exit }) => exit.code !== 0);
      const failed = first && (errorsFirst(first.child.output, 1) || '(nothing)');
      harness.saw({
        sent: `${RUNNERS} migrate at once on an empty database, one migration with CREATE INDEX CONCURRENTLY`,
        expected: 'exit 0 each',
        got: failed ? `${codes.join(', ')}: ${failed}` : codes.join(', '),
        ok: codes.every((code) => code === 'exit 0'),
      });
      const rows = failed ? [] : await database.query('SELECT n FROM probe_runs ORDER BY n');
      const got = rows.map(({ n }) => n).join(', ');
      harness.saw({
        sent: 'SELECT n FROM probe_runs, filled by two of the migrations',
        expected: '1, 2',
        got,
        ok: got === '1, 2',
      });
      if (!harness.asks('house')) return;
      const status = await harness.run(['migrate', '--status'], { database, target });
      harness.saw({
        sent: 'migrate --status',
        expected: 'exit 0',
        got: describeExit(status.exit),
        ok: status.exit.code === 0,
      });
    }

    async function killed(): Promise<void> {
      const database = await harness.database();
      const slow = withMigrations(harness, { name: 'probe_slow', up: 'SELECT pg_sleep(25);\n' });
      const child = await harness.spawn(['migrate'], { database, target: slow });
      await until('the slow migration to run', 15_000, async () => {
        const found = await database.query(
          "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(25)%' AND pid <> pg_backend_pid()",
        );
        return found.length > 0 ? true : child.exited ? true : undefined;
      });
      await child.signal('SIGKILL');
      await child.ended(5000);
      const quick = withMigrations(harness, { name: 'probe_quick', up: 'CREATE TABLE probe_quick (n integer);\n' });
      const next = await harness
        .run(['migrate'], { database, target: quick, timeoutMs: AFTER_KILL_MS })
        .catch((error: Error) => error.message);
      const got = typeof next === 'string' ? next : describeExit(next.exit);
      harness.saw({
        sent: 'migrate, killed inside a statement of 25 s; then migrate',
        expected: `exit 0 within ${AFTER_KILL_MS / 1000} s`,
        got,
        ok: got === 'exit 0',
      });
    }
  },
};
