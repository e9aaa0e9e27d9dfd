// @module-tag sampled
import { afterAll, expect, it } from 'vitest';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { run } from '../support/program.ts';

/** `verify.yaml` in the folder of a service, and `--mapping`. */

const folder = makeFolder();
afterAll(() => removeFolder(folder));
write(folder, {
  'stranger/server.js': `require('node:http')
    .createServer(({ url }, response) => response.writeHead(['/alive', '/able'].includes(url) ? 204 : 404).end())
    .listen(Number(process.env.HTTP_PORT), '127.0.0.1');`,
  'stranger/verify.yaml':
    'profile: kubernetes\nhealth:\n  live: /alive\n  ready: /able\nvariables:\n  port: HTTP_PORT\n',
  'worker/main.js': `if (process.argv[2] === 'mail') setInterval(() => undefined, 1000);`,
  'worker.yaml': 'form: worker\nverb: mail --all\n',
  'wrong.yaml': 'health:\n  lives: /alive\n',
});
const verify = (...args: string[]) => run(['verify', 'stranger', '--cmd', 'node server.js', ...args], { cwd: folder });

it('says what a service is held against, and where it listens and is healthy', async () => {
  const { stdout, code, stderr } = await verify('--rule', 'H-1', '--format', 'json');
  expect(code, stderr).toBe(0);
  const { profile, profileReason, results, notes } = JSON.parse(stdout);
  expect([profile, profileReason, notes]).toEqual(['kubernetes', 'the mapping file says so', []]);
  expect(results[0].evidence.map(({ sent }: { sent: string }) => sent)).toContain('GET /able');
});

it('is refused with the line where it is wrong', async () => {
  const wrong = await verify('--mapping', 'wrong.yaml');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('wrong.yaml:2 health.lives is not known')]);
  const missing = await verify('--mapping', 'no.yaml');
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('no.yaml cannot be read')]);
});

it('says which verb runs a worker', { timeout: 60_000 }, async () => {
  const at = ['verify', 'worker', '--mapping', 'worker.yaml', '--rule', 'IX-1', '--format', 'json'];
  const { stdout, code, stderr } = await run([...at, '--cmd', 'node main.js {verb}'], { cwd: folder });
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).results[0].evidence[0].got).toBe('it runs after 2000 ms');
  const none = await run([...at, '--cmd', 'node main.js'], { cwd: folder });
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('the mapping has the verb mail --all')]);
});
