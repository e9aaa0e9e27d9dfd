import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { startContainer } from '../image/container.ts';
import type { Child } from '../process/child.ts';
import { codeOf, sleep, until, within } from '../wait.ts';
import { startCluster } from './postgres-cluster.ts';

const USER = 'twelve';
/** The data need not survive a crash, and nothing reads the write-ahead log. */
const SETTINGS = [
  'max_connections=300',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'autovacuum=off',
  'wal_level=minimal',
  'max_wal_senders=0',
];
/** A start takes two seconds, and much longer on a busy machine. */
const START_MS = 120_000;
const QUERY_MS = 60_000;
/** A server that was stopped by a signal closes no connection. */
const END_MS = 2000;
/** Older databases of probes were left by a verifier that was killed. */
const STALE_MS = 24 * 3_600_000;

/** A database for one probe. */
export interface Database {
  readonly name: string;
  readonly url: string;
  readonly password: string;
  /** Runs one statement on a connection of its own; gives the rows. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** A text that differs if tables, views, functions or anything else of a schema differs. */
  schema(): Promise<string>;
}

/** A PostgreSQL that probes make databases on. */
export class PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly #base: URL;
  readonly #end: () => Promise<void>;
  readonly #made: string[] = [];
  readonly #making = new Set<Promise<unknown>>();
  #isOver = false;

  private constructor(base: URL, end: () => Promise<void>) {
    this.#base = base;
    this.#end = end;
    this.host = base.hostname.replace(/^\[(.*)\]$/, '$1');
    this.port = Number(base.port || 5432);
  }

  /**
   * A server that runs already. Probes make databases on it and drop them again. So are those dropped that a verifier left
   * more than a day ago because it was killed.
   * @param url of a user who may create databases
   * @throws when it cannot be reached
   */
  static async attach(url: string): Promise<PostgresServer> {
    const server: PostgresServer = new PostgresServer(new URL(url), () => server.#drop());
    await server.#dropStale();
    return server;
  }

  /**
   * Starts one in a container.
   * @throws when the engine does not start it, or it does not accept connections within START_MS
   */
  static async contain(image: string): Promise<PostgresServer> {
    const password = randomUUID();
    const env = { POSTGRES_USER: USER, POSTGRES_PASSWORD: password, POSTGRES_DB: 'postgres' };
    const args = ['postgres', ...SETTINGS.flatMap((setting) => ['-c', setting])];
    const { port, stop } = await startContainer(image, 5432, { env, args });
    const server = new PostgresServer(new URL(`postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`), stop);
    // The image starts the server for its own set-up and ends it again: it is ready once it stays.
    const twice = async () => {
      if (!(await server.#accepts())) return undefined;
      await sleep(300);
      return server.#accepts();
    };
    await until('PostgreSQL to accept connections', START_MS, twice, 100).catch(async (error) => {
      await stop();
      throw error;
    });
    return server;
  }

  /**
   * Starts one on 127.0.0.1 in a temporary folder.
   * @throws when PostgreSQL is not installed or does not start within START_MS
   */
  static async start(): Promise<PostgresServer> {
    const password = randomUUID();
    const { child, port, stop } = await startCluster({ user: USER, password, settings: SETTINGS, timeoutMs: START_MS });
    const server = new PostgresServer(new URL(`postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`), stop);
    await until('PostgreSQL to accept connections', START_MS, () => server.#accepts(child), 50).catch(async (error) => {
      await stop();
      throw error;
    });
    return server;
  }

  /** The URL of a database, or of a proxy before it. */
  url(name: string, proxy?: { readonly host: string; readonly port: number }): string {
    const url = new URL(this.#base);
    if (proxy) {
      url.hostname = proxy.host;
      url.port = String(proxy.port);
    }
    url.pathname = `/${name}`;
    return url.href;
  }

  /**
   * A new database, empty or a copy of one that nobody is connected to.
   * @throws once the server was stopped: the database would never be dropped
   */
  async createDatabase(template?: string): Promise<Database> {
    if (this.#isOver) throw new Error('the server was stopped');
    const name = `twelve_probe_${Date.now()}_${randomUUID().slice(0, 8)}`;
    this.#made.push(name);
    const copied = template === undefined ? '' : ` TEMPLATE ${template}`;
    const making = this.#query(this.#maintenance, `CREATE DATABASE ${name}${copied}`);
    this.#making.add(making);
    await making.finally(() => this.#making.delete(making));
    const query = (sql: string, values?: readonly unknown[]) => this.#query(name, sql, values);
    const schema = async () => JSON.stringify(await query(CATALOG), null, 1);
    return { name, url: this.url(name), password: decodeURIComponent(this.#base.password), query, schema };
  }

  /** Ends a server that was started here, or drops the databases that were made on somebody else's. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.allSettled(this.#making);
    await this.#end();
  }

  get #maintenance(): string {
    return this.#base.pathname.slice(1) || 'postgres';
  }

  /** A database that cannot be dropped is left to a later verification. */
  async #drop(names: readonly string[] = this.#made): Promise<void> {
    const drop = (name: string) => this.#query(this.#maintenance, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    // Somebody else's server may have few connections to spare.
    for (let at = 0; at < names.length; at += 4) await Promise.allSettled(names.slice(at, at + 4).map(drop));
  }

  async #dropStale(): Promise<void> {
    const madeAt = (name: string) => Number(/^twelve_probe_(\d{13})_[0-9a-f]{8}$/.exec(name)?.[1] ?? Number.NaN);
    const stale = async (sql: string) =>
      (await this.#query(this.#maintenance, sql))
        .map(({ name }) => String(name))
        .filter((name) => madeAt(name) < Date.now() - STALE_MS);
    await this.#drop(await stale('SELECT datname AS name FROM pg_database'));
    for (const role of await stale('SELECT rolname AS name FROM pg_roles'))
      await this.#query(this.#maintenance, `DROP ROLE IF EXISTS ${role}`).catch(() => undefined);
  }

  async #query(database: string, sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({
      connectionString: this.url(database),
      connectionTimeoutMillis: 5000,
      query_timeout: QUERY_MS,
    });
    client.on('error', () => undefined); // The query that is under way fails by itself.
    await client.connect();
    try {
      return (await client.query(sql, [...values])).rows as Record<string, unknown>[];
    } finally {
      await within('the end of a connection', END_MS, client.end()).catch(() => client.connection.stream.destroy());
    }
  }

  async #accepts(child?: Child): Promise<true | undefined> {
    if (child?.exited) throw new Error(`PostgreSQL ended: ${child.stderr}`);
    try {
      await this.#query(this.#maintenance, 'SELECT 1');
      return true;
    } catch (error) {
      // 57P03: it is starting up. Before it listens, an engine's proxy takes connections and cuts them.
      if (['ECONNREFUSED', 'ECONNRESET', '57P03'].includes(codeOf(error))) return undefined;
      if (child === undefined && /terminated unexpectedly/.test(String(error))) return undefined;
      throw error;
    }
  }
}

const CATALOG = `
  SELECT 'column' AS kind, format('%I.%I.%I %s %s', table_schema, table_name, column_name, data_type, is_nullable) AS text
    FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
  UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
  UNION ALL SELECT 'constraint', format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  UNION ALL SELECT 'function', format('%s %s', oid::regprocedure, md5(prosrc)) FROM pg_proc
    WHERE pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'view', format('%I.%I %s', schemaname, viewname, md5(definition)) FROM pg_views
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
  UNION ALL SELECT 'sequence', format('%I.%I', schemaname, sequencename) FROM pg_sequences
  UNION ALL SELECT 'type', oid::regtype::text FROM pg_type
    WHERE typtype IN ('e', 'd') AND typnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  UNION ALL SELECT 'extension', extname FROM pg_extension
  ORDER BY 1, 2`;
