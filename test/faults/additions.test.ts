import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { snapshot, temporaryFolder, write } from '../support/folder.ts';
import { run } from '../support/program.ts';
import { serviceBelow } from '../support/service.ts';

/** docs/faults.md, "Growing": the folder of additions may hold anything. */

const ADD = ['add-task', 'reindex', '--yes'];
const TASK_Y = '{"schema":1,"generator":"add-task","name":"y","answers":{}}';

/** Commands that read the folder; each refuses alike, and changes nothing. */
const READERS = [ADD, ['explain', 'README.md'], ['upgrade', '--plan']];

function shop(): string {
  return join(temporaryFolder(serviceBelow('orders')), 'orders');
}

async function expectRefused(args: readonly string[], cwd: string, exit: number, code: string, reason: RegExp) {
  const before = snapshot(cwd);
  const result = await run([...args, '--format', 'json'], { cwd });
  expect([args[0], result.code, result.stderr]).toEqual([
    args[0],
    exit,
    expect.stringMatching(/^error: .+\nhelp: .+\n$/),
  ]);
  expect(JSON.parse(result.stdout)).toMatchObject({ ok: false, code, exit, message: expect.stringMatching(reason) });
  expect(snapshot(cwd)).toEqual(before);
}

describe('a service', () => {
  it.each<[string, Record<string, string>, number, string, RegExp]>([
    ['half of one', { 'task-x.json': '{ "schema": 1,' }, 3, 'MANIFEST_BROKEN', /additions\/task-x\.json is not JSON/],
    ['the name of another', { 'task-x.json': TASK_Y }, 3, 'MANIFEST_BROKEN', /task-x\.json has add-task y, whose/],
    ['a newer one', { 'task-x.json': '{"schema":2}' }, 3, 'MANIFEST_NEWER', /task-x\.json .*newer version/],
    ['a huge one', { 'task-x.json': 'x'.repeat(300_000) }, 6, 'MANIFEST_UNSAFE', /task-x\.json is larger than/],
    ['a folder', { 'task-x.json/a': '' }, 6, 'MANIFEST_UNSAFE', /task-x\.json is a folder/],
  ])('with the file of an addition that is %s: refused, and named', async (_what, files, exit, code, reason) => {
    const orders = shop();
    write(orders, Object.fromEntries(Object.entries(files).map(([name, text]) => [`.twelve/additions/${name}`, text])));
    for (const args of READERS) await expectRefused(args, orders, exit, code, reason);
  });

  it.each<[string, (orders: string) => void, RegExp]>([
    ['.twelve is a link', (at) => symlinkSync('.', join(at, '.twelve')), /below a link: \.twelve/],
    ['.twelve is a file', (at) => writeFileSync(join(at, '.twelve'), ''), /not a folder: \.twelve/],
    [
      'the file of one is a link',
      (at) => {
        mkdirSync(join(at, '.twelve/additions'), { recursive: true });
        symlinkSync('/etc/passwd', join(at, '.twelve/additions/task-x.json'));
      },
      /task-x\.json is a link/,
    ],
  ])('where %s: 6, and it is not followed', async (_what, make, reason) => {
    const orders = shop();
    make(orders);
    for (const args of READERS) await expectRefused(args, orders, 6, 'MANIFEST_UNSAFE', reason);
  });
});
