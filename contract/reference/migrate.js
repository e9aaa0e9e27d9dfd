import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { log } from './log.js';

const LOCK = 4711;
const folder = new URL('./migrations/', import.meta.url);

function readMigrations() {
  const names = readdirSync(folder).filter((name) => name.endsWith('.up.sql'));
  return names.sort().map((name) => {
    const sql = readFileSync(new URL(name, folder), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

export async function migrate({ DATABASE_URL }, [flag, count = '1']) {
  const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 5000 });
  client.on('error', () => log('error', 'the database went away'));
  try {
    await client.connect();
  } catch (error) {
    log('error', `the database is unavailable: ${error.code}`);
    return 69;
  }
  try {
    if (flag === '--status') return await status(client);
    await client.query("SET client_connection_check_interval = '500ms'");
    // Whoever waits for a lock on a table holds up all who come later.
    await client.query("SET lock_timeout = '1s'");
    await lock(client);
    await client.query('CREATE TABLE IF NOT EXISTS applied (name text PRIMARY KEY, checksum text NOT NULL)');
    return flag === '--down' ? await down(client, Number(count)) : await up(client);
  } catch (error) {
    log('error', `migrate failed: ${error.message}`);
    return 1;
  } finally {
    await client.end();
  }
}

async function lock(client) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS got', [LOCK]);
    if (rows[0].got) return;
    await sleep(50);
  }
  throw new Error('another migrate holds the lock');
}

async function applied(client) {
  const { rows } = await client.query("SELECT to_regclass('applied') AS found");
  return rows[0].found ? (await client.query('SELECT name, checksum FROM applied ORDER BY name')).rows : [];
}

async function status(client) {
  const done = (await applied(client)).map(({ name }) => name);
  const pending = readMigrations()
    .map(({ name }) => name)
    .filter((name) => !done.includes(name));
  log('info', `${done.length} applied, ${pending.length} pending`, { applied: done, pending });
  return pending.length > 0 ? 3 : 0;
}

async function up(client) {
  const done = new Map((await applied(client)).map(({ name, checksum }) => [name, checksum]));
  for (const { name, sql, checksum } of readMigrations()) {
    if (done.has(name) && done.get(name) !== checksum) throw new Error(`${name} was edited after it was applied`);
    if (done.has(name)) continue;
    await apply(client, { name, sql, checksum });
    log('info', `applied ${name}`);
  }
  return 0;
}

async function apply(client, { name, sql, checksum }, attempt = 1) {
  const alone = sql.startsWith('-- migrate:no-transaction');
  const ownEnd = !alone && /^\s*(commit|rollback|end)\b/im.test(sql);
  if (ownEnd) throw new Error(`${name} ends the transaction that it runs in`);
  try {
    if (!alone) await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO applied VALUES ($1, $2)', [name, checksum]);
    if (!alone) await client.query('COMMIT');
  } catch (error) {
    if (alone || error.code !== '55P03' || attempt === 30) throw error;
    await client.query('ROLLBACK');
    log('warn', `${name} waits for a table that others use`);
    await sleep(500);
    await apply(client, { name, sql, checksum }, attempt + 1);
  }
}

async function down(client, count) {
  for (const { name } of (await applied(client)).reverse().slice(0, count)) {
    await client.query('BEGIN');
    await client.query(readFileSync(new URL(name.replace('.up.', '.down.'), folder), 'utf8'));
    await client.query('DELETE FROM applied WHERE name = $1', [name]);
    await client.query('COMMIT');
  }
  return 0;
}
