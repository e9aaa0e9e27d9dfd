import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { AUDIT_SUBJECTS } from './audit.ts';
import { COLD_SUBJECTS } from './cold.ts';
import { currentLoad, describeMachine, loadWarning } from './machine.ts';
import { type BenchResult, formatResult, type Group } from './report.ts';
import { measureGroup, type Subject } from './rounds.ts';
import { STANDARD_SUBJECTS } from './standard.ts';
import { START_SUBJECTS } from './subjects.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

/**
 * options -> pack the package -> measure each group in rounds -> table and JSON
 *
 * Exits 0 whatever the numbers are: it measures, people judge.
 */
const ROOT = join(import.meta.dirname, '..');

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '21' },
    'cold-rounds': { type: 'string', default: '7' },
    only: { type: 'string', default: '' },
    name: { type: 'string', default: 'latest' },
  },
});

const rounds = positiveInteger('rounds');
const coldRounds = positiveInteger('cold-rounds');
const only = options.only.split(',').filter((id) => id !== '');
requireKnown(only);

const before = currentLoad();
const scratch = mkdtempSync(join(tmpdir(), 'twelve-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const workshop = openWorkshop(ROOT, scratch);
const groups: Group[] = [
  ...(await measure(START_SUBJECTS, rounds, workshop)),
  ...(await measure(COLD_SUBJECTS, coldRounds, workshop)),
  ...(await measure(STANDARD_SUBJECTS, coldRounds, workshop)),
  ...(await measure(AUDIT_SUBJECTS, coldRounds, workshop)),
];
const after = currentLoad();
await workshop.close();
const machine = describeMachine();
const warning = loadWarning(before, after, machine.cores);
const service = [...workshop.service().values()];
const result: BenchResult = {
  schema: 1,
  date: new Date().toISOString(),
  revision: revision(),
  version: workshop.product.version,
  machine,
  load: { before, after },
  ...(warning === undefined ? {} : { warning }),
  peers: Object.fromEntries(workshop.peers),
  package: workshop.product.size,
  service: { files: service.length, bytes: service.reduce((sum, text) => sum + Buffer.byteLength(text), 0) },
  groups,
};
const file = join(ROOT, 'bench', 'results', `${options.name}.json`);
mkdirSync(join(file, '..'), { recursive: true });
writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${formatResult(result)}\n\nwritten to ${relative(process.cwd(), file)}\n`);

/** The chosen subjects of a group, its baseline always among them; nothing if none was chosen. */
async function measure(subjects: readonly Subject<Workshop>[], rounds: number, workshop: Workshop): Promise<Group[]> {
  const chosen = subjects.filter(({ id }, at) => only.length === 0 || at === 0 || only.includes(id));
  if (only.length > 0 && !chosen.some(({ id }) => only.includes(id))) return [];
  const folder = mkdtempSync(join(scratch, 'runs-'));
  return [{ rounds, subjects: await measureGroup(chosen, workshop, rounds, folder) }];
}

function requireKnown(ids: readonly string[]): void {
  const known = [
    ...new Set([...START_SUBJECTS, ...COLD_SUBJECTS, ...STANDARD_SUBJECTS, ...AUDIT_SUBJECTS].map(({ id }) => id)),
  ];
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) usage(`--only: no subject ${unknown.join(', ')}; there are ${known.join(', ')}`);
}

function positiveInteger(name: 'rounds' | 'cold-rounds'): number {
  const text = options[name];
  if (!/^[1-9][0-9]{0,3}$/.test(text)) usage(`--${name} is a number of rounds, not ${JSON.stringify(text)}`);
  return Number(text);
}

function usage(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}

/** The commit that was measured, marked if the files were not exactly that. */
function revision(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'no git commit'; // A downloaded archive is measured too.
  }
}
