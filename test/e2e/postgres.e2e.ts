import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PostgresServer } from '../../contract/harness/postgres.ts';
import { findInitdb } from '../../contract/harness/postgres-cluster.ts';

/** Nothing of a verification stays on a server of others. */

if (findInitdb() === undefined) console.log('skipped: databases of probes need PostgreSQL (initdb), which is not here');

describe.skipIf(findInitdb() === undefined)('databases of probes', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server?.stop());

  test('are dropped, also one that is being made when the verification ends, and none is made afterwards', async () => {
    const own = await server.createDatabase();
    const probes = await PostgresServer.attach(own.url);
    await probes.createDatabase();
    const last = probes.createDatabase().catch(() => undefined);
    await probes.stop();
    await last;
    await expect(probes.createDatabase()).rejects.toThrow('no database is made any more');
    expect(await own.query("SELECT datname FROM pg_database WHERE datname ~ '^twelve_probe_'")).toEqual([
      { datname: own.name },
    ]);
  });
});
