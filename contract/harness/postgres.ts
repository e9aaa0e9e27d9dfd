import { randomUUID } from 'node:crypto';
import { chownSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Child } from './child.ts';
import { startContainer } from './container.ts';
import { freePort } from './ports.ts';
import { findProgram } from './programs.ts';
import { reap, removeLater } from './reaper.ts';
import { codeOf, sleep, until } from './wait.ts';

const USER = 'twelve';
/** Nothing of it has to survive the machine, and nobody reads its log of changes. */
const CARELESS = [
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'autovacuum=off',
  'wal_level=minimal',
  'max_wal_senders=0',
];
/** It takes two seconds, and much longer where many suites share a machine. */
const START_MS = 120_000;

/** A database of its own on the harness's server. */
export interface Database {
  readonly name: string;
  readonly url: string;
  readonly password: string;
  /** Runs one statement on a connection of its own; gives the rows. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** A text that differs if tables, columns, indexes or constraints differ. */
  schema(): Promise<string>;
}

/** A PostgreSQL that probes make databases on. */
export class PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly #base: URL;
  readonly #end: () => Promise<void>;
  readonly #made: string[] = [];

  private constructor(base: URL, end: () => Promise<void>) {
    this.#base = base;
    this.#end = end;
    this.host = base.hostname;
    this.port = Number(base.port || 5432);
  }

  /**
   * A server that runs already. Probes make databases of their own on it, and drop them again.
   * @param url of a user who may create databases
   * @throws when it cannot be reached
   */
  static async attach(url: string): Promise<PostgresServer> {
    const server: PostgresServer = new PostgresServer(new URL(url), () => server.#drop());
    await server.#query(server.#maintenance, 'SELECT 1');
    return server;
  }

  /** The folder of its programs, or `undefined` where PostgreSQL is not installed. */
  static programs(): string | undefined {
    const debian = (readdirOrNone('/usr/lib/postgresql') ?? []).sort((a, b) => Number(b) - Number(a));
    return findProgram('initdb', [...debian.map((version) => `/usr/lib/postgresql/${version}/bin`)]);
  }

  /**
   * One of its own in a container.
   * @throws when the engine does not start it, or it does not accept connections within START_MS
   */
  static async contain(image: string): Promise<PostgresServer> {
    const password = randomUUID();
    const env = { POSTGRES_USER: USER, POSTGRES_PASSWORD: password, POSTGRES_DB: 'postgres' };
    const settings = ['max_connections=300', ...CARELESS];
    const args = ['postgres', ...settings.flatMap((setting) => ['-c', setting])];
    const { port, stop } = await startContainer(image, 5432, { env, args });
    const server = new PostgresServer(new URL(`postgres://${USER}:${password}@127.0.0.1:${port}/postgres`), stop);
    // Its first start is one for itself, which ends again: it is there when it stays.
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
   * One of its own on 127.0.0.1 in a temporary folder, durable enough for a probe and no more.
   * @throws when PostgreSQL is not installed or does not start within START_MS
   */
  static async start(): Promise<PostgresServer> {
    const initdb = PostgresServer.programs();
    if (initdb === undefined) throw new Error('no initdb found: PostgreSQL is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'twelve-postgres-'));
    const password = randomUUID();
    reap({ kind: 'folder', id: folder });
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, password);
    const owner = unprivileged();
    if (owner) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
    const launch = { cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, ...owner };
    const data = join(folder, 'data');
    const auth = ['--auth=scram-sha-256', `--username=${USER}`, `--pwfile=${passwordFile}`];
    const made = new Child({ file: initdb, args: ['-D', data, '--no-sync', '-E', 'UTF8', ...auth], ...launch });
    const { code } = await made.ended(START_MS).finally(() => made.dispose());
    if (code !== 0) throw new Error(`initdb ended with ${code}: ${made.stderr}`);
    const port = await freePort();
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'max_connections=300',
      ...CARELESS,
    ];
    const file = join(initdb, '..', 'postgres');
    const flags = settings.flatMap((setting) => ['-c', setting]);
    const child = new Child({ file, args: ['-D', data, ...flags], quits: true, ...launch });
    const end = async () => {
      // A fast shutdown lets it end its own workers, which live outside of its process group.
      await child.signal('SIGINT');
      await Promise.race([child.exit, sleep(5000)]);
      await child.dispose();
      removeLater(folder);
    };
    const server = new PostgresServer(new URL(`postgres://${USER}:${password}@127.0.0.1:${port}/postgres`), end);
    await until('PostgreSQL to accept connections', START_MS, () => server.#accepts(child), 50).catch(async (error) => {
      await end();
      throw error;
    });
    return server;
  }

  /** Of a database; `host` and `port` may be those of a proxy. */
  url(name: string, { host = this.host, port = this.port } = {}): string {
    const url = new URL(this.#base);
    url.hostname = host;
    url.port = String(port);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** A new database, empty or a copy of one that nobody is connected to. */
  async createDatabase(template?: string): Promise<Database> {
    const name = `probe_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    await this.#query(
      this.#maintenance,
      `CREATE DATABASE ${name}${template === undefined ? '' : ` TEMPLATE ${template}`}`,
    );
    this.#made.push(name);
    const query = (sql: string, values?: readonly unknown[]) => this.#query(name, sql, values);
    const schema = async () => JSON.stringify(await query(CATALOG), null, 1);
    return { name, url: this.url(name), password: decodeURIComponent(this.#base.password), query, schema };
  }

  stop(): Promise<void> {
    return this.#end();
  }

  get #maintenance(): string {
    return this.#base.pathname.slice(1) || 'postgres';
  }

  async #drop(): Promise<void> {
    for (const name of this.#made) await this.#query(this.#maintenance, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  async #query(database: string, sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url(database), connectionTimeoutMillis: 5000 });
    await client.connect();
    try {
      return (await client.query(sql, [...values])).rows as Record<string, unknown>[];
    } finally {
      await client.end();
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
  ORDER BY 1, 2`;

function readdirOrNone(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** PostgreSQL refuses to run as root; the package's own user, or nobody, runs it then. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((row) => row.split(':'));
  const found = ['postgres', 'nobody'].flatMap((name) => users.filter((user) => user[0] === name))[0];
  if (!found) throw new Error('no user to run PostgreSQL as');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}
