// @module-tag sampled
import { describe, expect, test } from 'vitest';
import { GRACE_MS } from '../../contract/probes/stop/plain-stop.ts';
import { PROFILES, type Profile } from '../../contract/profile.ts';
import type { Result } from '../../contract/result.ts';
import { levelOf } from '../../contract/rule.ts';
import { rules } from '../../contract/rules/index.ts';
import { broken, lookAt } from './small-service.ts';

/** What a rule asks of a service that never heard of this contract: how it behaves, and not how it says so. */

const look = (id: string, source: string, profile: Profile = 'twelve-factor') => lookAt(id, source, { profile });
const isKept = ({ outcome }: Result) => ['kept', 'partly'].includes(outcome);

/** Takes a body of text, and answers when all of it has come. */
const NOTES = `
const body = { content: { 'application/json': { schema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } } } } };
document.paths = { '/notes': { post: { requestBody: body, responses: { 201: {} } } } };
async function handle(request, response, pathname) {
  if (request.method !== 'POST') return answer(response, 404, { detail: 'Not Found' });
  try {
    const { text } = JSON.parse(await bodyOf(request));
    return typeof text === 'string' ? answer(response, 201, {}) : answer(response, 422, { detail: 'text' });
  } catch (error) {
    REFUSE
  }
}
`.replace('REFUSE', "return answer(response, 400, { detail: 'no JSON' });");

describe('IX-2', { timeout: 90_000 }, () => {
  const drains = (end: string) => `${NOTES}
    for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => server.close(() => ${end}));`;

  test.each(['process.exit(0)', 'process.exit(143)', "process.kill(process.pid, 'SIGKILL')"])('%s', async (end) => {
    const result = await look('IX-2', drains(end));
    // The code of SIGTERM is none of SIGINT.
    const faults = broken(result).map((one) => one.replace(/ after \d+ ms/, ''));
    if (end === 'process.exit(0)') expect(faults).toEqual([]);
    else if (end === 'process.exit(143)') expect(faults).toEqual(['SIGINT: the end of the process: exit 143']);
    else expect(faults).toContainEqual('SIGTERM: the end of the process: SIGKILL');
  });

  test('death by the signal is a clean end, and cuts what is in flight', async () => {
    // The signals are sent to two processes at the same time.
    expect(
      broken(await look('IX-2', NOTES))
        .map((one) => one.replace(/ms later: .*/, ''))
        .sort(),
    ).toEqual(['SIGINT: the second half of a request body, 300 ', 'SIGTERM: the second half of a request body, 300 ']);
    const nothing = await look('IX-2', 'const handle = (_, response) => response.end();');
    expect(nothing.outcome).toBe('partly');
    expect(nothing.leftOut?.join()).toContain('a request in flight at the signal');
  });

  test('an orchestrator is told that a preStop hook has to wait', async () => {
    const { leftOut } = await look('IX-2', drains('process.exit(0)'), 'kubernetes');
    expect(leftOut?.join()).toContain('a preStop hook has to wait');
  });
});

describe('IX-4: what has no handler as process 1 is told once, with the cause', () => {
  const told = [
    expect.stringMatching(
      /^SIGTERM: still running after \d+ ms, .*: it is process 1 and has no handler for SIGTERM, so/,
    ),
  ];

  test('and a shell is not waited for', async (context) => {
    const source = `${NOTES} if (process.ppid !== 1) process.on('SIGTERM', () => process.exit(0));`;
    const shell = ['/bin/sh', '-c', `${process.execPath} main.mjs; exit 0`];
    const { outcome, reason, evidence } = await lookAt('IX-4', source, {
      profile: 'twelve-factor',
      command: shell,
    });
    if (outcome === 'skipped') return context.skip(reason);
    expect([broken({ evidence }), evidence.length]).toEqual([told, 1]);
    expect(Number(/after (\d+) ms/.exec(evidence[0]?.got ?? '')?.[1])).toBeLessThan(GRACE_MS);
  });

  test('and Node is, since its own handler ends with the signal', { tags: ['long'] }, async (context) => {
    const { outcome, reason, evidence } = await look('IX-4', NOTES);
    if (outcome === 'skipped') return context.skip(reason);
    expect([broken({ evidence }), evidence.length]).toEqual([told, 1]);
  });

  test('but not where the stop begins', async () => {
    const stops = `${NOTES} process.once('SIGTERM', () => server.close(() => process.exit(0)));`;
    expect(broken(await look('IX-4', stops))).toEqual([]);
  });
});

test('IX-3: a stop ends although a request never does, and a second SIGINT hurries it', {
  timeout: 120_000,
  tags: ['long'],
}, async () => {
  const bounded = `const handle = (_, response) => response.end();
    let asked = 0;
    for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => {
      asked += 1;
      if (asked > 1) process.exit(1);
      server.close();
      BOUND
    });`;
  const kept = await look('IX-3', bounded.replace('BOUND', 'setTimeout(() => process.exit(1), 1500);'));
  expect(broken(kept)).toEqual([]);
  const stubborn = await look('IX-3', bounded.replace('if (asked > 1) process.exit(1);', '').replace('BOUND', ''));
  expect(broken(stubborn)).toEqual([
    expect.stringMatching(/^a second SIGINT .*: still running$/),
    expect.stringMatching(
      /^SIGTERM and a request header that never ends, and one that comes byte by byte: still running after \d+ ms$/,
    ),
  ]);
});

describe('XI-1', () => {
  const logs = (how: string) => `const handle = (request, response) => { ${how}; response.writeHead(404).end(); };`;

  test('any line on either stream is a log', async () => {
    for (const how of ["console.log('GET', request.url)", "console.error('GET', request.url)"])
      expect(broken(await look('XI-1', logs(how)))).toEqual([]);
    expect(broken(await look('XI-1', logs("console.log('GET', request.url)"), 'house'))).not.toEqual([]);
  });

  test('a log that is kept back, or in a file, is none', async () => {
    const late = logs("setTimeout(() => console.error('GET'), 2000)");
    expect(broken(await look('XI-1', late))).toEqual([expect.stringMatching(/^a request; .*: after [12]\d{3} ms$/)]);
    const file = `import { openSync, writeSync } from 'node:fs';
      const file = openSync(process.env.TMPDIR + '/NAME', 'a');
      ${logs('writeSync(file, request.url)')}`;
    const seen = broken(await look('XI-1', file.replace('NAME', 'access.log')));
    expect(seen).toEqual([
      expect.stringMatching(/^look at the open files: .*access\.log$/),
      'look below TMPDIR: access.log',
      'the same after a start that is refused, and one without its database: access.log',
    ]);
    const database = file.replace('NAME', 'notes.db').replace('request.url)', "'notes\\0' + request.url)");
    expect(broken(await look('XI-1', database))).toEqual([]);
  });
});

describe('H-2', () => {
  test('any 4xx refuses what cannot be read', async () => {
    expect(broken(await look('H-2', NOTES))).toEqual([]);
    expect(isKept(await look('H-2', NOTES, 'house'))).toBe(false);
  });

  test('a 500 does not, and a stack trace is shown to nobody', async () => {
    const five = NOTES.replace(
      "answer(response, 400, { detail: 'no JSON' })",
      "answer(response, 500, { detail: 'no' })",
    );
    expect(broken(await look('H-2', five)).join('\n')).toMatch(/POST \/notes with \{"a":: 500/);
    const trace = NOTES.replace("{ detail: 'no JSON' }", '{ detail: error.stack }');
    expect(broken(await look('H-2', trace)).join('\n')).toMatch(/POST \/notes with an empty JSON body: 400/);
  });
});

test('IX-1: a start may take as long as a platform gives it', { timeout: 60_000, tags: ['long'] }, async () => {
  const slow = `const handle = (_, response) => response.end();
    server.close();
    setTimeout(() => server.listen(Number(process.env.PORT), '127.0.0.1'), 6000);`;
  expect(isKept(await look('IX-1', slow))).toBe(true);
  expect(isKept(await look('IX-1', slow, 'house'))).toBe(false);
});

test('H-1: the health routes are where they are', async () => {
  const up = 'const handle = (_, response) => response.writeHead(404).end();';
  expect(broken(await look('H-1', up, 'kubernetes'))).toEqual([]);
  expect(broken(await look('H-1', up, 'house')).length).toBeGreaterThan(3);
});

test('IX-5: instances behind a preStop hook are replaced without an error', async () => {
  const plain = 'const handle = (_, response) => response.writeHead(404).end();';
  const result = await look('IX-5', plain, 'kubernetes');
  expect(broken(result)).toEqual([]);
  expect(result.evidence[0]?.sent).toContain('behind a preStop hook');
});

test('III-1: a stranger that does not describe its variables is not asked about them', {
  timeout: 60_000,
}, async () => {
  const { outcome, reason } = await look('III-1', 'const handle = (_, response) => response.end();');
  expect([outcome, reason]).toEqual(['skipped', expect.stringContaining('does not describe its variables')]);
});

test('what no platform asks for is advice until the profile house', () => {
  const advice = (profile: Profile) =>
    rules.filter((rule) => rule.level === 'MUST' && levelOf(rule, profile) === 'SHOULD').map(({ id }) => id);
  expect(PROFILES.map(advice)).toEqual([
    ['II-2', 'III-4', 'V-3', 'IX-6', 'S-1'],
    ['II-2', 'III-4', 'V-3', 'IX-6', 'S-1'],
    [],
  ]);
});
