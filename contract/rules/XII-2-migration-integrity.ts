import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../harness/backing/postgres.ts';
import { describeExit, type Exit, isFailure } from '../harness/process/process.ts';
import { lastLines } from '../harness/process/quote.ts';
import { filesOf, requireFolder, upMigrations, withMigrations } from '../probes/data/migrations.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

export const rule: Rule = {
  id: 'XII-2',
  level: 'MUST',
  factor: 'XII. Admin processes',
  slow: 'it migrates eight times',
  promises: {
    'twelve-factor':
      'An applied migration that was changed since is refused; one that fails changes nothing. One that ends the transaction it runs in is refused, or nobody says afterwards that it was taken back.',
    house: 'What is refused is exit 1, and `migrate --status` is exit 3 while something is pending.',
  },
  why: 'Otherwise the schema in production is one that no commit describes.',
  mend: 'Keep a checksum of each applied migration and compare before applying; run each in a transaction together with its record.',
  byHand: ["echo '-- changed' >>migrations/$LAST.up.sql; $MIGRATE; echo $?"],
  applies: (subject) => all(subject.isProcess(), subject.stores()),
  async check(harness) {
    await requireFolder(harness);
    await Promise.all([edited(), failing(), committing()]);
    return harness.evidence;

    async function edited(): Promise<void> {
      const database = await harness.database();
      const { target: original } = harness.subject;
      const [first] = upMigrations(original);
      if (first === undefined) throw new Error('there was a migration a moment ago');
      const sql = readFileSync(join(original.folder ?? '', 'migrations', first), 'utf8');
      // A later one is applied too: a runner may compare the last alone.
      const later = { name: 'probe_later', up: 'SELECT 1;\n' };
      const added = await harness.run(['migrate'], { database, target: withMigrations(harness, later) });
      if (added.exit.code !== 0) throw new Error(`migrate, with one migration more: ${describeExit(added.exit)}`);
      const edited = `${sql}\nCREATE TABLE probe_edited (n integer);\n`;
      const target = harness.artifact({ ...filesOf(later), [`migrations/${first}`]: edited });
      const before = await database.schema();
      const { exit, child } = await harness.run(['migrate'], { database, target });
      const sent = `one more statement in ${first}, which is applied, as is a later one; then migrate`;
      seeRefused(sent, exit);
      const name = first.replace('.up.sql', '');
      const line = child.lines.find(({ text }) => text.includes(name) || text.includes(name.replace(/^\d+_/, '')));
      const got = line?.text ?? lastLines(child.output, 2);
      harness.saw({ sent, expected: 'a line that names it', got, ok: line !== undefined });
      const same = (await database.schema()) === before;
      harness.saw({ sent, expected: 'the schema as it was', got: same ? 'as it was' : 'changed', ok: same });
    }

    async function committing(): Promise<void> {
      const database = await harness.database();
      const up = 'CREATE TABLE probe_committed (n integer);\nCOMMIT;\nSELECT 1 / 0;\n';
      const target = withMigrations(harness, { name: 'probe_committed', up });
      const before = await database.schema();
      const { exit, child } = await harness.run(['migrate'], { database, target });
      const sent = 'a migration that makes a table, commits, and then divides by zero; migrate';
      seeRefused(sent, exit);
      const same = (await database.schema()) === before;
      const claim = child.lines.find(
        ({ json }) => json?.reverted === true || /"migration.reverted":true/.test(JSON.stringify(json)),
      );
      harness.saw({
        sent,
        expected: 'the schema as it was, or no line that says so',
        got: same ? 'as it was' : `changed; ${claim?.text ?? 'no line says otherwise'}`,
        ok: same || claim === undefined,
      });
    }

    async function failing(): Promise<void> {
      const database = await harness.database();
      const broken = 'CREATE TABLE probe_failing (n integer PRIMARY KEY);\nSELECT 1 / 0;\n';
      const target = withMigrations(harness, { name: 'probe_failing', up: broken });
      const before = await database.schema();
      const { exit } = await harness.run(['migrate'], { database, target });
      const sent = 'a migration that makes a table and then divides by zero; migrate';
      seeRefused(sent, exit);
      const same = (await database.schema()) === before;
      harness.saw({ sent, expected: 'the schema as it was', got: same ? 'as it was' : 'changed', ok: same });
      const status = await harness.run(['migrate', '--status'], { database, target });
      if (harness.asks('house'))
        harness.saw({
          sent: 'migrate --status after it',
          expected: 'exit 3',
          got: describeExit(status.exit),
          ok: status.exit.code === 3,
        });
      const mended = withMigrations(harness, {
        name: 'probe_failing',
        up: broken.replace('1 / 0', '1'),
        down: 'DROP TABLE probe_failing;\nSELECT 1 / 0;\n',
      });
      const again = await harness.run(['migrate'], { database, target: mended });
      harness.saw({
        sent: 'the same, mended',
        expected: 'exit 0',
        got: describeExit(again.exit),
        ok: again.exit.code === 0,
      });
      if (!harness.asks('house') || again.exit.code !== 0) return;
      // What fails on its way back is still applied, and the history has to say so.
      const was = `${await database.schema()} ${await rowsOf(database)}`;
      const { exit: back } = await harness.run(['migrate', '--down'], { database, target: mended });
      const way = 'its way back, which drops the table and then divides by zero; migrate --down';
      seeRefused(way, back);
      const isSame = `${await database.schema()} ${await rowsOf(database)}` === was;
      harness.saw({
        sent: way,
        expected: 'the schema and the history as they were',
        got: isSame ? 'as they were' : 'changed',
        ok: isSame,
      });
    }

    function seeRefused(sent: string, exit: Exit): void {
      const isHouse = harness.asks('house');
      const ok = isHouse ? exit.code === 1 : isFailure(exit);
      harness.saw({ sent, expected: isHouse ? 'exit 1' : 'an exit that is not 0', got: describeExit(exit), ok });
    }
  },
};

/** How many rows each table has. */
async function rowsOf(database: Database): Promise<string> {
  const tables = await database.query(`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`);
  const counts = tables.map(async ({ name }) => {
    const [row] = await database.query(`SELECT count(*) AS rows FROM ${name}`);
    return `${name}: ${row?.rows}`;
  });
  return (await Promise.all(counts)).join(', ');
}
