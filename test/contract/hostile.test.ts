// @module-tag sampled
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { freePort } from '../../contract/harness/http/ports.ts';
import { Child } from '../../contract/harness/process/child.ts';
import { hasProcfs } from '../../contract/harness/process/procfs.ts';
import { Service } from '../../contract/harness/service.ts';
import { rules } from '../../contract/rules/index.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { type Report, verify } from '../../contract/verify.ts';
import { quiet } from '../support/quiet.ts';

const folder = fileURLToPath(new URL('hostile/', import.meta.url));
const paths = { live: '/', ready: '/' };
const backing = new Backing();
/** In the environment of all that is started here: other test files start services too. */
const MARK = { HOSTILE: randomUUID() };

/** What each does to the rules that are looked at: the one that says it, and what it says. */
const services: readonly (readonly [name: string, rule: string, said: RegExp])[] = [
  [
    'hangs-on-requests',
    'H-1',
    /not ready within 5000 ms: GET \/ on port \d+ gave no answer within 2000 ms; the port is its own/,
  ],
  ['answers-garbage', 'H-1', /not ready within 5000 ms: GET \/ on port \d+ gave HPE_/],
  ['never-ends-its-answer', 'H-1', /not ready within 5000 ms: GET \/ on port \d+ gave /],
  ['floods-its-log', 'IX-2', /it wrote more than 64 MiB of log in \d+ ms, and was ended/],
  ['ignores-sigterm', 'IX-2', /still running/],
  ['crashes', 'H-1', /web ended with exit 1 before it was ready:[\s\S]*nothing works today/],
  ['wrong-port', 'H-1', /not ready within 5000 ms: GET \/ on port \d+ gave ECONNREFUSED; it listens on \d+/],
  ['daemonises', 'H-1', /web ended with exit 0 before it was ready/],
  ['leaves-a-daemon', 'VIII-1', /^2$/],
  ['leaves-an-orphan', 'VIII-1', /^2$/],
  ['breaks-its-chunks', 'VI-4', /the answer is not HTTP\/1: a chunk of the size "zz"/],
  ['forks-for-ever', 'H-1', /web ended with exit 0 before it was ready/],
];

/** Process ids of whatever runs one of the services. */
function running(): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const commandLine = readFileSync(`/proc/${name}/cmdline`, 'latin1');
      return (
        commandLine.includes(folder) ||
        readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOSTILE=${MARK.HOSTILE}`)
      );
    } catch {
      return false; // It has ended meanwhile.
    }
  });
}

const look = (name: string, ids: readonly string[], file = `${folder}${name}.cjs`): Promise<Report> => {
  const target: ProcessTarget = {
    kind: 'process',
    name,
    folder,
    command: [process.execPath, file],
    verbless: true,
    env: MARK,
    paths,
    startMs: 5_000,
    // How much of a log is read until a stop is given up depends on the machine: here a stop may take 35 s.
    ...(name === 'floods-its-log' ? { profile: 'twelve-factor' as const } : {}),
  };
  return verify(target, { watch: quiet, backing, rules: rules.filter(({ id }) => ids.includes(id)) });
};

test('every hostile service has its row', () => {
  // What never listens breaks no rule: it is a finding of its own, see forms.test.ts.
  const names = ['hangs-on-start', ...services.map(([name]) => name)];
  expect(names.map((name) => `${name}.cjs`).sort()).toEqual(readdirSync(folder).sort());
});

describe.skipIf(!hasProcfs()).concurrent('a service that', () => {
  let before: string[] = [];
  beforeAll(() => {
    before = running();
  });
  afterAll(() => {
    expect(running().filter((pid) => !before.includes(pid))).toEqual([]);
  });

  test.each(services)('%s is reported', { timeout: 150_000 }, async (name, id, said) => {
    const { results } = await look(name, ['H-1', 'VIII-1', 'IX-2', ...(id === 'VI-4' ? [id] : [])]);
    const found = results.find(({ rule }) => rule.id === id);
    const got = found?.evidence.filter(({ ok }) => !ok).map((one) => one.got);
    expect(found?.outcome).toBe('broken');
    expect(got).toContainEqual(expect.stringMatching(said));
  });
});

test.skipIf(!hasProcfs())(
  'a port that another process answers on is not the service',
  { timeout: 60_000 },
  async () => {
    const port = await freePort();
    const other = createServer((_, response) => response.end('ok'));
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const args = [`${folder}hangs-on-start.cjs`];
    const child = new Child({ file: process.execPath, args, cwd: folder, env: {} });
    try {
      await expect(new Service(child, port, paths).ready(1500)).rejects.toThrow(/gave 200, but from another process/);
    } finally {
      await child.dispose();
      other.close();
    }
  },
);
