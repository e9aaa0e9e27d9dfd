// @module-tag sampled
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { ruleOf } from './rule-of.ts';
import { serviceIn } from './small-service.ts';

/** Faults that look fine at first sight, and were missed in services that were written to be missed. */

const folders: string[] = [];
afterAll(() => folders.forEach(removeFolder));

it('a command of the mapping file runs the files of a copy where a copy is looked at', async () => {
  const folder = makeFolder();
  folders.push(folder);
  const migrate = join(folder, 'migrate.mjs');
  write(folder, {
    'main.mjs': `import { createServer } from 'node:http';
      createServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');`,
    'migrate.mjs': "process.stdout.write(import.meta.dirname + '\\n');",
  });
  const rule = ruleOf('copied', async (harness) => {
    const target = harness.artifact({ 'more.txt': '' });
    for (const one of [undefined, target]) {
      const { child } = await harness.run(['migrate'], one ? { target: one } : {});
      const got = child.lines[0]?.text ?? '';
      harness.saw({ sent: 'migrate', expected: one?.folder ?? folder, got, ok: got === (one?.folder ?? folder) });
    }
    return harness.evidence;
  });
  const mapping = { migrate: { command: [process.execPath, migrate] } };
  const service = serviceIn(folder, { mapping });
  const { results } = await verify(service, { watch: quiet, backing: new Backing(), rules: [rule] });
  expect(results.flatMap(({ evidence }) => evidence.map(({ ok }) => ok))).toEqual([true, true]);
});
