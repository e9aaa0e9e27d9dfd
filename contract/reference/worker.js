import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { log } from './log.js';

/** How long a job takes, and how long a worker waits for one, in milliseconds. */
const WORK_MS = 10;
const PAUSE_MS = 100;

/** Takes one job after the other until it is told to stop, and finishes the last; gives the exit code. */
export async function worker(values) {
  let isTold = false;
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => (isTold = true));
  const client = new pg.Client({ connectionString: values.DATABASE_URL });
  await client.connect();
  log('info', 'working');
  while (!isTold) if (!(await workOnce(client))) await sleep(PAUSE_MS);
  await client.end();
  return 0;
}

/** A job is gone at the commit. Without one it is free again, also when this process is killed. */
async function workOnce(client) {
  await client.query('BEGIN');
  const { rows } = await client.query('SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED');
  for (const { id } of rows) {
    await sleep(WORK_MS);
    await client.query('DELETE FROM jobs WHERE id = $1', [id]);
  }
  await client.query('COMMIT');
  return rows.length > 0;
}
