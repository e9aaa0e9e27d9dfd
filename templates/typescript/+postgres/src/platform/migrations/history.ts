import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { Failure } from "../failure.ts";
import { badUrl } from "../postgres.ts";
import type { Migration } from "./files.ts";

/** A migration that was applied, or begun outside a transaction and not finished. */
export interface Entry {
  name: string;
  checksum: string;
  finished: boolean;
}

interface Place {
  schema: string;
  /** Quoted and with its schema: it means the same whatever a migration does to search_path. */
  table: string;
  /** Null where nothing has the name of the history. */
  isHistory: boolean | null;
  isReadable: boolean | null;
}

const pollEvery = 200;
const tryLock = `
  select pg_try_advisory_lock(hashtextextended(concat('migrate ', current_schema()), 0)) as locked`;

// The schemas of the search_path, of which the first is where new tables come into.
const places = `
  select n.nspname as schema,
         format('%I.schema_migrations', n.nspname) as table,
         case when c.oid is not null then c.relkind in ('r', 'p') and 4 = (
           select count(*) from pg_attribute a
           where a.attrelid = c.oid and not a.attisdropped
             and (a.attname, format_type(a.atttypid, null)) in (
               ('name', 'text'), ('checksum', 'text'), ('finished', 'boolean'),
               ('applied_at', 'timestamp with time zone'))) end as "isHistory",
         has_table_privilege(c.oid, 'select') as "isReadable"
  from unnest(current_schemas(false)) with ordinality as path(name, place)
  join pg_namespace n on n.nspname = path.name
  left join pg_class c on c.relnamespace = n.oid and c.relname = 'schema_migrations'
  order by path.place`;

/** The table `schema_migrations`, as one session sees it. */
export class History {
  readonly #client: pg.Client;
  readonly #place: Place;

  private constructor(client: pg.Client, place: Place) {
    this.#client = client;
    this.#place = place;
  }

  /**
   * Finds it in the schema that new tables come into.
   *
   * @throws Failure where there is no such schema, the table or view is somebody else's, or the
   * history is in another schema of the search_path
   */
  static async find(client: pg.Client, migrations: Migration[]): Promise<History> {
    const [first, ...others] = (await client.query<Place>(places)).rows;
    if (first === undefined) {
      const { search_path: path } = (await client.query("show search_path")).rows[0];
      throw badUrl(
        `no schema of the search_path is there, or the role may use none of them: ${path}. ` +
          "Create the schema, or set another search_path in DATABASE_URL",
      );
    }
    if (first.isHistory) return new History(client, first);
    if (first.isHistory === false) {
      throw badUrl(
        `${first.table} is of another program. Set the search_path in DATABASE_URL to a schema of ` +
          "this service, as in ?options=-c%20search_path%3Dorders",
      );
    }
    for (const other of others.filter(({ isHistory, isReadable }) => isHistory && isReadable)) {
      const applied = await client.query(
        `select from ${other.table}
         where (name, checksum) in (select * from unnest($1::text[], $2::text[]))`,
        [migrations.map(({ name }) => name), migrations.map(({ checksum }) => checksum)],
      );
      if (applied.rowCount === 0) continue;
      // The schema came later, such as one with the name of the role: all would be applied again.
      throw badUrl(
        `${other.table} has the history, but new tables would come into ${first.schema}. Set the ` +
          "search_path in DATABASE_URL to the one schema that is meant",
      );
    }
    return new History(client, first);
  }

  /** Makes the table on the first run; later ones need no right to do so. */
  async create(): Promise<void> {
    if (this.#place.isHistory) return;
    await this.#client.query(
      `create table if not exists ${this.#place.table} (
         name text primary key,
         checksum text not null,
         finished boolean not null,
         applied_at timestamptz not null default now()
       )`,
    );
  }

  /** Everything that was applied, the oldest first; nothing where nobody ever migrated. */
  async read(): Promise<Entry[]> {
    if (!this.#place.isHistory) return [];
    const result = await this.#client.query<Entry>(
      `select name, checksum, finished from ${this.#place.table} order by applied_at, name`,
    );
    return result.rows;
  }

  async remember({ name, checksum }: Migration, finished: boolean): Promise<void> {
    await this.#client.query(
      `insert into ${this.#place.table} (name, checksum, finished) values ($1, $2, $3)
       on conflict (name) do update set checksum = excluded.checksum, finished = excluded.finished`,
      [name, checksum, finished],
    );
  }

  async forget({ name }: Migration): Promise<void> {
    await this.#client.query(`delete from ${this.#place.table} where name = $1`, [name]);
  }
}

/**
 * Waits until no other process migrates this schema. The lock ends with the session.
 *
 * It polls: a session that blocks on the lock holds a snapshot, for which CREATE INDEX
 * CONCURRENTLY of the lock's owner would wait in turn.
 */
export async function lock(client: pg.Client, patience: number): Promise<void> {
  const until = performance.now() + patience;
  while (!(await client.query(tryLock)).rows[0].locked) {
    if (performance.now() >= until) {
      throw new Failure("failed", `another migration did not finish within ${patience} ms`, {
        event: "migrate.locked",
      });
    }
    await sleep(pollEvery);
  }
}
