import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import type { Database } from '../../contract/harness/backing/postgres.ts';
import { STACKS } from './http/stacks.ts';
import { rowsHere } from './support/rows.ts';
import { run } from './support/run.ts';
import { makeService, workFolder } from './support/service.ts';

/** The verb `migrate` of a service, with migrations as people and tools write them: the same in every language. */

const backing = new Backing();
const work = workFolder();
afterAll(async () => {
  await backing.stop();
  work.remove();
});

if (!backing.hasPostgres) console.log('skipped: migrations of a service need PostgreSQL, which is not here');

const stacks = rowsHere(STACKS, 'migrations of services', ({ missing }) => missing());

describe.skipIf(!backing.hasPostgres).each(stacks)('migrate in $name', (stack) => {
  const folder = join(work.folder, stack.name);
  let program: readonly [file: string, ...args: string[]];
  let database: Database;
  let written: string[] = [];

  beforeAll(async () => {
    await makeService('orders', folder, { database: 'postgres', cache: 'none', stack: stack.name });
    program = await stack.build(folder);
  }, 300_000);

  beforeEach(async () => {
    for (const file of written) rmSync(file);
    written = [];
    database = await (await backing.postgres()).createDatabase();
  });

  function write(name: string, up: string, down = 'select 1;\n'): void {
    for (const [way, sql] of Object.entries({ up, down })) {
      const file = join(folder, 'migrations', `${name}.${way}.sql`);
      writeFileSync(file, sql);
      written.push(file);
    }
  }

  async function migrate(args: string[] = [], options = ''): Promise<[code: number, line: Record<string, unknown>]> {
    return migrateOn(options === '' ? database.url : `${database.url}?options=${encodeURIComponent(options)}`, args);
  }

  async function migrateOn(
    url: string,
    args: readonly string[] = [],
  ): Promise<[code: number, line: Record<string, unknown>]> {
    const [file, ...before] = program;
    const { code, stdout } = await run(file, [...before, 'migrate', ...args], {
      cwd: folder,
      // A program that carries its migrations takes these instead.
      env: { DATABASE_URL: url, DATABASE_URL_FILE: undefined, TWELVE_MIGRATIONS: join(folder, 'migrations') },
    });
    return [code, JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}')];
  }

  const tables = async () =>
    (
      await database.query(
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname !~ '^pg_|^inf'",
      )
    )
      .map(({ name }) => name)
      .sort();

  test('an index that a person made stays where the migration that makes it fails', async () => {
    await migrate();
    await database.query('CREATE INDEX products_name ON products (name)');
    write(
      '0100_index',
      '-- migrate:no-transaction\ncreate index concurrently products_name on products (name);\n',
      '-- migrate:no-transaction\ndrop index concurrently if exists products_name;\n',
    );
    for (let again = 0; again < 2; again++) {
      const [code, line] = await migrate();
      expect([code, line.msg]).toEqual([1, '0100_index failed: relation "products_name" already exists']);
    }
    expect(await database.query("SELECT 1 AS there FROM pg_indexes WHERE indexname = 'products_name'")).toHaveLength(1);
  });

  test('what one migration sets is the same for the next in one run and in two', async () => {
    write('0100_app', 'create schema app;\nset search_path = app, public;\ncreate table one (id int);\n');
    write('0101_two', 'create table two (id int);\n');
    expect((await migrate())[0]).toBe(0);
    expect(await tables()).toEqual(['app.one', 'public.products', 'public.schema_migrations', 'public.two']);
  });

  test('the empty search_path of pg_dump and a byte order mark are no fault', async () => {
    write(
      '0100_dump',
      "select pg_catalog.set_config('search_path', '', false);\ncreate table public.dumped (id int);\n",
    );
    write('0101_mark', '\uFEFFcreate table marked (id int);\n', '\uFEFFdrop table marked;\n');
    expect((await migrate())[0]).toBe(0);
    expect((await migrate(['--status']))[0]).toBe(0);
    expect((await migrate(['--down', '2']))[1].migrations).toEqual(['0101_mark', '0100_dump']);
  });

  test.each(['commit', 'rollback', 'begin'])('%s of its own is refused, and nothing of it stays', async (end) => {
    write('0100_half', `create table half (id int);\n${end};\nselect 1/0;\n`);
    const [code, line] = await migrate();
    expect([code, line.reverted, line.msg]).toEqual([
      1,
      true,
      expect.stringMatching(/^0100_half failed: .* do not belong in the file/),
    ]);
    expect(await tables()).not.toContain('public.half');
  });

  test('a failure has the class of its error, the line, and no text of the script', async () => {
    write('0100_nothing', "select 'S3cret';\nselect nothing;\n");
    const [code, line] = await migrate();
    expect([code, line.err]).toEqual([1, expect.objectContaining({ type: 'DatabaseError', code: '42703' })]);
    expect(line.msg).toBe('0100_nothing failed: column "nothing" does not exist (line 2)');
    expect(JSON.stringify(line)).not.toContain('S3cret');
  });

  test('a lock on a table is waited for, and readers who come after do not wait', async () => {
    await migrate();
    write('0100_alter', 'alter table products add column note text;\n');
    const reader = database.query('SELECT count(*) FROM products, pg_sleep(4)');
    const started = migrate();
    let slowest = 0;
    for (const until = Date.now() + 3000; Date.now() < until; ) {
      const begun = Date.now();
      await database.query('SELECT count(*) FROM products');
      slowest = Math.max(slowest, Date.now() - begun);
    }
    expect(slowest).toBeLessThan(2500);
    await reader;
    expect(await started).toEqual([0, expect.objectContaining({ migrations: ['0100_alter'] })]);
  });

  test('a search_path that leads nowhere, and one setting that the server refuses, are bad configuration', async () => {
    for (const args of [[], ['--status'], ['--down']]) {
      const [code, line] = await migrate(args, '-c search_path=missing');
      expect([code, line.msg]).toEqual([78, expect.stringMatching(/^no schema of the search_path .*: missing\./)]);
    }
    const [code, line] = await migrate([], '-c unheard_of=1');
    expect([code, line.msg]).toEqual([78, expect.stringContaining('"unheard_of"')]);
  });

  test('a URL that cannot be used is bad configuration', async () => {
    for (const [url, reason] of [
      [
        `${database.url}?sslrootcert=/missing.pem`,
        'has a file in sslrootcert, sslcert or sslkey that cannot be read (ENOENT)',
      ],
      ['postgres://user:secret@127.0.0.1:99999/orders', expect.stringContaining('a port is at most 65535')],
    ]) {
      const [code, { errors }] = await migrateOn(url);
      expect([code, errors]).toEqual([78, [{ name: 'DATABASE_URL', reason }]]);
    }
  });

  test('a table schema_migrations of another program is bad configuration, and stays', async () => {
    await database.query('CREATE TABLE schema_migrations (version text)');
    for (const args of [[], ['--status'], ['--down']]) {
      const [code, line] = await migrate(args);
      expect([code, line.msg]).toEqual([78, expect.stringContaining('is of another program')]);
    }
    expect(await tables()).toEqual(['public.schema_migrations']);
  });

  test('so does a view of that name, with the columns of the history', async () => {
    await database.query(
      "CREATE VIEW schema_migrations AS SELECT ''::text AS name, ''::text AS checksum, true AS finished, now() AS applied_at",
    );
    const [code, line] = await migrate();
    expect([code, line.msg]).toEqual([78, expect.stringContaining('is of another program')]);
  });

  test('a role that may not make tables is told so, without a stack', async () => {
    await database.query(`CREATE ROLE reader_${database.name}`);
    const [code, line] = await migrate([], `-c role=reader_${database.name}`);
    expect([code, line.msg, line.err]).toEqual([1, expect.stringContaining('permission denied'), undefined]);
  });
});
