import pg from 'pg';
import { within } from '../wait.ts';
import type { Database } from './postgres.ts';

/** A connection that closes takes no longer, in milliseconds. */
const END_MS = 2000;

/** A connection that can keep everybody else from the tables of a database, for as long as a probe wants. */
export class TableLock {
  /** The names of all tables, quoted, as they were when the connection was opened. */
  readonly tables: readonly string[];
  readonly #client: pg.Client;
  #isOver = false;

  private constructor(client: pg.Client, tables: readonly string[]) {
    this.#client = client;
    this.tables = tables;
  }

  /** Connects. Nothing is locked yet, so that the lock itself takes one round trip. */
  static async open(database: Database): Promise<TableLock> {
    const client = new pg.Client({ connectionString: database.url, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined); // The statement that is under way fails by itself.
    await client.connect();
    const { rows } = await client.query<{ name: string }>(TABLES);
    return new TableLock(
      client,
      rows.map(({ name }) => name),
    );
  }

  /** Waits for those who use the tables, and keeps everybody from them then. With SHARE others may read. */
  async lock(tables = this.tables, mode: 'ACCESS EXCLUSIVE' | 'SHARE' = 'ACCESS EXCLUSIVE'): Promise<void> {
    await this.#client.query(`BEGIN; LOCK TABLE ${tables.join(', ')} IN ${mode} MODE`);
  }

  /** Lets everybody go on, and closes the connection. May be called again. */
  async release(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    // A lock ends with its connection.
    await within('the end of a connection', END_MS, this.#client.end()).catch(() =>
      this.#client.connection.stream.destroy(),
    );
  }
}

const TABLES = `
  SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
  WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`;
