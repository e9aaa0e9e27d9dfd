import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { rules } from '../../contract/rules/index.ts';
import { verify } from '../../contract/verify.ts';
import { stackNamed } from './http/stacks.ts';
import { keptIn, renderFindings } from './support/contract-report.ts';
import { commandsFor, edit } from './support/growing.ts';
import { rowsHere, rowsOf } from './support/rows.ts';
import { must } from './support/run.ts';
import { bin, commit, makeService, workFolder } from './support/service.ts';

/** Services that every generator has grown held against the contract. Those in TypeScript were edited by people before. */
const all = { database: 'postgres', cache: 'redis', ci: 'github' } as const;
const rows = [
  { ...all, stack: 'typescript' },
  { database: 'none', cache: 'none', ci: 'none', stack: 'typescript' },
  { ...all, stack: 'go' },
  { ...all, stack: 'python' },
] as const;
const GROWN = 'grown services against the contract';

const backing = new Backing();
const work = workFolder();
afterAll(async () => {
  await backing.stop();
  work.remove();
});

describe.each(rowsHere(rowsOf(rows, GROWN, rows.length), GROWN, ({ stack }) => stackNamed(stack).missing()))(
  'grown in $stack, with database $database and cache $cache',
  (options) => {
    test('it still keeps every rule', { timeout: 600_000 }, async (context) => {
      if (options.database === 'postgres' && !backing.hasPostgres) return context.skip('PostgreSQL is not installed');
      const name = `${options.stack}-${options.database}`;
      const folder = join(work.folder, name, 'orders');
      await makeService('orders', folder, options);
      if (options.stack === 'typescript') edit(folder, options);
      await commit(folder);
      for (const command of commandsFor(options)) await must(process.execPath, [bin, ...command], { cwd: folder });
      const command = await stackNamed(options.stack).build(folder);
      // Its own tests run in grow.
      const looked = rules.filter(({ id }) => id !== 'I-1');
      const report = await verify({ kind: 'process', name, folder, command }, { backing, rules: looked });
      const of = (outcome: string) => report.results.filter((result) => result.outcome === outcome);
      expect(of('broken'), renderFindings(report)).toEqual([]);
      expect(of('kept').length).toBeGreaterThan(20);

      const verb = ['worker', 'invoice-mailer'];
      const worker = await verify(
        { kind: 'process', name, folder, command, form: 'worker', verb },
        { backing, rules: looked },
      );
      const ids = (outcome: string) =>
        worker.results.filter((result) => result.outcome === outcome).map(({ rule }) => rule.id);
      expect(ids('broken'), renderFindings(worker)).toEqual([]);
      expect(keptIn(worker)).toEqual(
        expect.arrayContaining(['III-1', 'III-2', 'VI-4', 'VII-2', 'IX-1', 'IX-2', 'XI-3']),
      );
      if (options.database === 'postgres') expect(keptIn(worker)).toContain('IX-10');
      expect(ids('skipped')).toEqual(expect.arrayContaining(['VII-1', 'IX-3', 'H-1', 'S-1']));
    });
  },
);
