// @module-tag sampled
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { RawConnection } from '../../contract/harness/http/raw-connection.ts';
import { TcpProxy } from '../../contract/harness/http/tcp-proxy.ts';
import { TimedOut, Unseen, until } from '../../contract/harness/wait.ts';
import { END_MS, verify } from '../../contract/verify.ts';
import { quiet } from '../support/quiet.ts';
import { ruleOf } from './rule-of.ts';

/** What a probe opens ends with it, and the report does not wait for what never ends. */

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A server of another process that takes few connections while it does something else. */
async function smallServer() {
  const script = `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  ends.push(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  return { child, port: Number(String(line)) };
}

/** Sockets, servers and connections under way of this process. */
const open = () => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length;
const closed = (before: number) => until('all to be closed', 5000, () => (open() <= before ? true : undefined));

test('a connection that was given up is destroyed, also when the server takes it later', async () => {
  const { child, port } = await smallServer();
  const before = open();
  child.kill('SIGSTOP');
  const url = new URL(`http://127.0.0.1:${port}`);
  const opened = await Promise.allSettled(Array.from({ length: 6 }, () => RawConnection.open(url, { ms: 300 })));
  const late = opened.filter((one) => one.status === 'rejected');
  expect(late.map(({ reason }) => reason instanceof TimedOut)).toContain(true);
  for (const one of opened) if (one.status === 'fulfilled') one.value.destroy();
  child.kill('SIGCONT');
  await closed(before);
});

test('a proxy that is closed while it comes back listens no more', async () => {
  const proxy = await TcpProxy.open('127.0.0.1', 1);
  await proxy.down();
  await Promise.all([proxy.up(), proxy.close()]);
  const socket = connect(proxy.port, '127.0.0.1');
  const [error] = await once(socket, 'error');
  expect(error.code).toBe('ECONNREFUSED');
});

describe('what never ends', () => {
  const target = { kind: 'url', name: 'nobody', url: 'http://127.0.0.1:1' } as const;
  const seen = { sent: 'nothing', expected: 'true', got: 'true', ok: true };
  const stays = ruleOf('stays', async (harness) => {
    await harness.own(undefined, () => new Promise(() => undefined));
    harness.saw(seen);
    return harness.evidence;
  });
  const later = ruleOf('later', async (harness) => [{ ...seen, ms: harness.evidence.length }]);

  test('costs the rules after it when the time is over, and not the report', async () => {
    const ending = new AbortController();
    const over = setTimeout(() => ending.abort(new Unseen('the time was over')), 300);
    const from = performance.now();
    const rules = [stays, later];
    const report = await verify(target, {
      watch: quiet,
      backing: new Backing(),
      rules,
      parallel: 1,
      signal: ending.signal,
    });
    clearTimeout(over);
    expect(performance.now() - from).toBeLessThan(END_MS + 3000);
    expect(report.cut).toBe('the time was over; what was started has not ended');
    expect(report.results.map(({ rule, outcome }) => [rule.id, outcome])).toEqual([
      ['stays', 'skipped'],
      ['later', 'skipped'],
    ]);
  });
});
