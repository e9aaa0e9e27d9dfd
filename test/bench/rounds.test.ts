import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { plainEnvironment } from '../../bench/process.ts';
import { measureGroup, type Subject, type Task } from '../../bench/rounds.ts';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'bench-test-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** A subject that runs `script` in a shell: quicker than Node, and just as much a process. */
function shell(id: string, script: string, check?: Task['check']): Subject<undefined> {
  const command: Task['command'] = (cwd) => ({ argv: ['/bin/sh', '-c', script], cwd, env: plainEnvironment(cwd) });
  return { id, title: id, prepare: () => ({ command, ...(check ? { check } : {}) }) };
}

it('takes turns, with a new empty folder for each run', async () => {
  const log = join(scratch, 'log');
  const runs = join(scratch, 'runs');
  writeFileSync(log, '');
  const turn = (id: string) => shell(id, `test -z "$(ls)" && touch full && echo ${id} >> ${log}`);
  mkdirSync(runs);
  const results = await measureGroup([turn('a'), turn('b')], undefined, 3, runs);
  expect(readFileSync(log, 'utf8').split('\n').slice(4, -1)).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(readdirSync(runs).filter((name) => name.startsWith('a-') && !name.endsWith('.log'))).toHaveLength(5);
  expect(results).toMatchObject([{ id: 'a', ratio: { min: 1, median: 1, max: 1 } }, { id: 'b' }]);
});

it('times a process to its end', async () => {
  const [slow] = await measureGroup([shell('slow', 'sleep 0.1')], undefined, 1, scratch);
  expect(slow).toMatchObject({ ms: { min: expect.any(Number) } });
  expect(slow && 'ms' in slow ? slow.ms.min : 0).toBeGreaterThan(99);
});

it('does not measure what fails or did not do its work, and says why', async () => {
  const lazy = shell('lazy', 'true', () => {
    throw new Error('no service was created');
  });
  const results = await measureGroup(
    [shell('a', 'true'), shell('b', 'echo broken; exit 3'), lazy],
    undefined,
    1,
    scratch,
  );
  expect(results).toMatchObject([
    { id: 'a', ms: {} },
    { id: 'b', skipped: '/bin/sh ended with exit code 3: broken' },
    { id: 'lazy', skipped: 'no service was created' },
  ]);
});

it('drops a subject that fails in a later round', async () => {
  const count = join(scratch, 'count');
  const third = shell('third', `echo >> ${count}; test $(wc -l < ${count}) -lt 4`);
  const results = await measureGroup([shell('a', 'true'), third], undefined, 3, scratch);
  expect(results[0]).toMatchObject({ ms: {} });
  expect(results[1]).toMatchObject({ skipped: '/bin/sh ended with exit code 1 in round 2' });
});

it('keeps settings of the caller that Node would read out of what is measured', () => {
  process.env.NODE_EXTRA_CA_CERTS ??= '/nowhere.pem';
  const environment = plainEnvironment('/home/nobody');
  expect(environment.PATH).toBeTruthy();
  expect(Object.keys(environment).filter((name) => /^(NODE_|npm_)/i.test(name))).toEqual([]);
});
