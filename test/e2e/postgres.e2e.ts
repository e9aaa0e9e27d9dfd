import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { pipeline } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PostgresServer } from '../../contract/harness/backing/postgres.ts';
import { findInitdb } from '../../contract/harness/backing/postgres-cluster.ts';
import { createRole } from '../../contract/harness/backing/role.ts';
import { TcpProxy } from '../../contract/harness/http/tcp-proxy.ts';

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
    await expect(probes.createDatabase()).rejects.toThrow('the server was stopped');
    expect(await own.query("SELECT datname FROM pg_database WHERE datname ~ '^twelve_probe_'")).toEqual([
      { datname: own.name },
    ]);
  });

  test('may have a user of their own, whose password changes, and of whom nothing stays', async () => {
    const own = await server.createDatabase();
    const role = await createRole(own);
    const name = new URL(role.url).username;
    const client = new pg.Client(role.url);
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE of_the_user (id int)');
    const before = role.url;
    expect(await role.renew()).toBe(true);
    await expect(client.query('SELECT 1')).rejects.toThrow();
    await expect(new pg.Client(before).connect()).rejects.toMatchObject({ code: '28P01' });
    const again = new pg.Client(role.url);
    await again.connect();
    await again.end();
    await role.drop();
    expect(await own.query('SELECT rolname FROM pg_roles WHERE rolname = $1', [name])).toEqual([]);
  });

  test('users that a killed verifier left are dropped after a day', async () => {
    const own = await server.createDatabase();
    const [old, young] = [Date.now() - 25 * 3_600_000, Date.now()].map((at) => `twelve_probe_${at}_0a1b2c3d`);
    for (const name of [old, young]) await own.query(`CREATE ROLE ${name}`);
    await (await PostgresServer.attach(own.url)).stop();
    const left = await own.query("SELECT rolname FROM pg_roles WHERE rolname LIKE '%0a1b2c3d'");
    expect(left).toEqual([{ rolname: young }]);
  });

  test('are reached through a proxy where the server has an address of IPv6', async (context) => {
    const sixth = createServer((client) =>
      pipeline(client, connect(server.port, server.host), client, () => undefined),
    );
    const port = await listenOn(sixth, '::1');
    if (port === undefined) return context.skip('this machine has no ::1');
    const own = await server.createDatabase();
    const url = new URL(own.url);
    url.host = `[::1]:${port}`;
    const probes = await PostgresServer.attach(url.href);
    const database = await probes.createDatabase();
    const proxy = await TcpProxy.open(probes.host, probes.port);
    const client = new pg.Client(probes.url(database.name, { host: '127.0.0.1', port: proxy.port }));
    await client.connect();
    const { rows } = await client.query('SELECT current_database() AS name');
    await client.end();
    await proxy.close();
    await probes.stop();
    sixth.close();
    expect(rows).toEqual([{ name: database.name }]);
  });
});

/** The port that it got, where the address is one of this machine. */
async function listenOn(server: Server, address: string): Promise<number | undefined> {
  const listening = once(server.listen(0, address), 'listening');
  return listening.then(
    () => (server.address() as AddressInfo).port,
    () => undefined,
  );
}
