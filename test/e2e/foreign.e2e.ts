import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { rowsOf } from './support/rows.ts';
import { run } from './support/run.ts';
import { bin, root, workFolder } from './support/service.ts';

/** Generators of other people, what they are asked for, and how the verifier is told about what they make. */
const generators = [
  {
    name: 'fastify-cli',
    make: ['fastify-cli@7.4.1', 'generate', 'app'],
    verify: ['--cmd', 'fastify start app.js', '--live', '/', '--ready', '/'],
  },
  {
    name: 'NestJS',
    make: ['@nestjs/cli@11.0.24', 'new', 'app', '--skip-install', '--package-manager', 'npm'],
    verify: ['--live', '/', '--ready', '/'],
  },
  {
    name: 'express-generator',
    make: ['express-generator@4.16.1', '--no-view', 'app'],
    verify: ['--live', '/', '--ready', '/'],
  },
] as const;

const work = workFolder();
const env = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' };
const seen = new Map<string, Map<string, string>>();
const document = readFileSync(join(root, 'docs/verifying.md'), 'utf8');

afterAll(() => {
  if (seen.size > 0) console.log(`\n${table()}`);
  work.remove();
});

/** Rules down, generators across, in the words of docs/verifying.md. */
function table(): string {
  const names = [...seen.keys()];
  const ids = [...(seen.get(names[0] ?? '')?.keys() ?? [])];
  const rows = ids.map((id) => `| ${[id, ...names.map((name) => seen.get(name)?.get(id) ?? '')].join(' | ')} |`);
  return [`| rule | ${names.join(' | ')} |`, `|---${'|---'.repeat(names.length)}|`, ...rows].join('\n');
}

/** What the document says of one generator: rule -> kept, in part, broken or a dash. */
function documented(name: string): Map<string, string> {
  const cells = document
    .split('\n')
    .flatMap((line) => (line.startsWith('| ') ? [line.split('|').map((cell) => cell.trim())] : []));
  const head = cells.findIndex((row) => row[1] === 'rule' && row.includes(name));
  const column = cells[head]?.indexOf(name) ?? -1;
  return new Map(
    cells
      .slice(head)
      .filter((row) => /^[IVXHS]+-\d+$/.test(row[1] ?? ''))
      .map((row) => [row[1] ?? '', row[column] ?? '']),
  );
}

type Told = { id: string; outcome: string; reason?: string };

/** Rules of which a busy machine, where other suites run, says nothing. */
const tooBusy = (results: readonly Told[]): string[] =>
  results.filter(({ reason }) => reason?.startsWith('this machine was too busy')).map(({ id }) => id);

function outcomes({ results }: { results: readonly Told[] }): Map<string, string> {
  const words: Readonly<Record<string, string>> = { skipped: '-', partly: 'in part' };
  return new Map(results.map(({ id, outcome }) => [id, words[outcome] ?? outcome]));
}

/** Without what is in part, which a busy machine decides too. */
function verdicts(told: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...told].map(([id, word]) => [id, word === 'in part' ? 'kept' : word]));
}

describe.each(rowsOf(generators, 'other generators', 2 * generators.length))(
  'what $name makes',
  ({ name, make, verify }) => {
    test('is held against the contract, as docs/verifying.md says', { timeout: 900_000 }, async (context) => {
      const cwd = join(work.folder, name);
      rmSync(cwd, { recursive: true, force: true });
      mkdirSync(cwd);
      const made = await run('npx', ['--yes', ...make], { cwd, env });
      if (made.code !== 0) return context.skip(`${make[0]} does not install here: ${made.stderr.slice(-300)}`);
      const report = await run(process.execPath, [bin, 'verify', 'app', '--format', 'json', ...verify], {
        cwd,
        env,
        timeout: 800_000,
      });
      if (report.code === 3)
        return context.skip(`what ${name} makes does not install here: ${report.stderr.slice(-300)}`);
      expect(report.code, report.stderr).toBe(4);
      const told = JSON.parse(report.stdout);
      const [is, said] = [outcomes(told), documented(name)];
      seen.set(name, new Map(is));
      for (const id of tooBusy(told.results)) {
        console.log(`skipped: ${id} of ${name}, since the machine is too busy`);
        is.delete(id);
        said.delete(id);
      }
      expect(is.size).toBeGreaterThan(20);
      expect(verdicts(is), report.stdout).toEqual(verdicts(said));
    });
  },
);
