import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Database } from './postgres.ts';

/** A user of one database who may do what its owner may, and whose password can change. */
export interface Role {
  /** The URL of the database for this user, with the password of now. */
  readonly url: string;
  /** Gives it another password, and ends its connections. @returns whether the server refuses the password of before */
  renew(): Promise<boolean>;
  drop(): Promise<void>;
}

/**
 * Makes a user on the server of a database.
 * @param first its first password, without a quote
 * @throws where the server does not let its owner make one
 */
export async function createRole(database: Database, first: string = randomUUID()): Promise<Role> {
  const name = `twelve_probe_${Date.now()}_${randomUUID().slice(0, 8)}`;
  let password = first;
  // Neither the name nor the password has a quote, which would have to be escaped.
  await database.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
  try {
    await database.query(`DO $$ BEGIN EXECUTE format('GRANT %I TO ${name}', current_user); END $$`);
  } catch (error) {
    await database.query(`DROP ROLE ${name}`);
    throw error;
  }
  const urlOf = () => {
    const url = new URL(database.url);
    url.username = name;
    url.password = encodeURIComponent(password);
    return url.href;
  };
  return {
    get url() {
      return urlOf();
    },
    async renew() {
      const before = urlOf();
      password = randomUUID();
      await database.query(`ALTER ROLE ${name} PASSWORD '${password}'`);
      await database.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [name]);
      return !(await accepts(before));
    },
    async drop() {
      await database.query(`REASSIGN OWNED BY ${name} TO CURRENT_USER`);
      await database.query(`DROP ROLE ${name}`);
    },
  };
}

async function accepts(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  const isIn = await client.connect().then(
    () => true,
    () => false,
  );
  await client.end();
  return isIn;
}
