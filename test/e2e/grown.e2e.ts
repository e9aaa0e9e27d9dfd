import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { rules } from '../../contract/rules/index.ts';
import { verify } from '../../contract/verify.ts';
import { keptIn, renderFindings } from './support/contract-report.ts';
import { commandsFor, edit } from './support/growing.ts';
import { npmCi } from './support/installed.ts';
import { rowsOf } from './support/rows.ts';
import { must } from './support/run.ts';
import { bin, commit, makeService, workFolder } from './support/service.ts';

/** Services that every generator has grown, and people have edited, held against the contract: with all options and with none. */
const rows = [
  { database: 'postgres', cache: 'redis', ci: 'github' },
  { database: 'none', cache: 'none', ci: 'none' },
] as const;

const backing = new Backing();
const work = workFolder();
afterAll(async () => {
  await backing.stop();
  work.remove();
});

describe.each(rowsOf(rows, 'grown services against the contract', 2))(
  'grown, with database $database and cache $cache',
  (options) => {
    test('it still keeps every rule', { timeout: 600_000 }, async (context) => {
      if (options.database === 'postgres' && !backing.hasPostgres) return context.skip('PostgreSQL is not installed');
      const name = `${options.database}-${options.cache}`;
      const folder = join(work.folder, name, 'orders');
      await makeService('orders', folder, options);
      edit(folder, options);
      await commit(folder);
      for (const command of commandsFor(options)) await must(process.execPath, [bin, ...command], { cwd: folder });
      await npmCi(folder);
      await must('npm', ['run', 'build'], { cwd: folder });
      const command = [process.execPath, join(folder, 'dist/main.js')];
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
