import type pg from "pg";

const identifier = '(?:"(?:[^"]|"")+"|[^\\s".(;]+)';
const statement = new RegExp(
  "^(?:\\s|--.*\\n)*create\\s+(?:unique\\s+)?index\\s+concurrently\\s+(?:if\\s+not\\s+exists\\s+)?" +
    `(${identifier})\\s+on\\s+(?:only\\s+)?(${identifier}(?:\\.${identifier})?)`,
  "i",
);

/** An index that is there; an interrupted CREATE INDEX CONCURRENTLY leaves one that is not valid. */
export interface Index {
  oid: number;
  /** Quoted and with its schema. */
  name: string;
  valid: boolean;
}

/** Whether this SQL is a CREATE INDEX CONCURRENTLY that names its index. */
export function makesIndex(sql: string): boolean {
  return statement.test(sql);
}

/** The index that has the name which a CREATE INDEX CONCURRENTLY gives, whoever made it. */
export async function findIndex(client: pg.Client, sql: string): Promise<Index | undefined> {
  const [, name, table] = statement.exec(sql) ?? [];
  const result = await client.query<Index>(
    `select c.oid, format('%I.%I', n.nspname, c.relname) as name, i.indisvalid as valid
     from pg_class t
     join pg_class c on c.relnamespace = t.relnamespace
     join pg_index i on i.indexrelid = c.oid
     join pg_namespace n on n.oid = c.relnamespace
     where t.oid = to_regclass($1) and c.relname = (parse_ident($2))[1]`,
    [table, name],
  );
  return result.rows[0];
}

export async function dropIndex(client: pg.Client, index: Index): Promise<void> {
  await client.query(`drop index concurrently ${index.name}`);
}
