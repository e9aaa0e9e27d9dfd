import type pg from "pg";
import { Failure } from "../failure.ts";
import type { Migration } from "./files.ts";

const columns = [
  "name text",
  "checksum text",
  "finished boolean",
  "applied_at timestamp with time zone",
];

/** Where the history of the migrations is kept. */
export interface Place {
  schema: string;
  /** Quoted and with its schema: it means the same table whatever a migration does to search_path. */
  table: string;
  exists: boolean;
}

interface Candidate extends Place {
  kind: "table" | "view" | "relation";
  readable: boolean;
  columns: string[];
}

const candidates = `
  select n.nspname as schema,
         format('%I.schema_migrations', n.nspname) as table,
         c.oid is not null as exists,
         case when c.relkind in ('r', 'p') then 'table'
              when c.relkind in ('v', 'm') then 'view'
              else 'relation' end as kind,
         coalesce(has_table_privilege(c.oid, 'select'), false) as readable,
         array(select a.attname || ' ' || format_type(a.atttypid, null)
               from pg_attribute a
               where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from unnest(current_schemas(false)) with ordinality as path(name, place)
  join pg_namespace n on n.nspname = path.name
  left join pg_class c on c.relnamespace = n.oid and c.relname = 'schema_migrations'
  order by path.place`;

/**
 * Finds the history in the schema that new tables come into, which is the first of the search_path.
 *
 * @throws Failure where there is no such schema, the table or view is somebody else's, or the history is in
 * another schema of the search_path
 */
export async function findHistory(client: pg.Client, migrations: Migration[]): Promise<Place> {
  const [first, ...others] = (await client.query<Candidate>(candidates)).rows;
  if (first === undefined) {
    const path = (await client.query("select current_setting('search_path') as path")).rows[0].path;
    throw misplaced(
      `no schema of the search_path is there, or the role may use none of them: ${path}. ` +
        "Create the schema, or set another search_path in DATABASE_URL",
    );
  }
  if (first.exists && (first.kind !== "table" || !isHistory(first))) {
    throw misplaced(
      `${first.table} is a ${first.kind} of another program. Set the search_path in DATABASE_URL to a ` +
        "schema of this service, as in ?options=-c%20search_path%3Dorders",
    );
  }
  if (first.exists) return first;
  for (const other of others) {
    if (!isHistory(other) || !other.readable || !(await isOfService(client, other, migrations)))
      continue;
    // The schema came later, such as one with the name of the role: everything would be applied again.
    throw misplaced(
      `${other.table} has the history, but new tables would come into ${first.schema}. Set the ` +
        "search_path in DATABASE_URL to the one schema that is meant",
    );
  }
  return first;
}

function isHistory(candidate: Candidate): boolean {
  return columns.every((column) => candidate.columns.includes(column));
}

async function isOfService(
  client: pg.Client,
  place: Place,
  migrations: Migration[],
): Promise<boolean> {
  const applied = await client.query(
    `select from ${place.table} where (name, checksum) in (select * from unnest($1::text[], $2::text[]))`,
    [migrations.map(({ name }) => name), migrations.map(({ checksum }) => checksum)],
  );
  return applied.rowCount !== 0;
}

function misplaced(reason: string): Failure {
  return new Failure("config", reason, {
    event: "config.invalid",
    details: { errors: [{ name: "DATABASE_URL", reason }] },
  });
}
