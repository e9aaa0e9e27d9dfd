import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainEnvironment, timeProcess } from '../process.ts';
import { packProduct } from '../product.ts';
import { ratiosOf, spreadOf } from '../statistics.ts';
import { EDITS } from './case.ts';
import { copyService, prepareTools } from './tools.ts';

/**
 * `npm run bench:upgrade [-- ROUNDS]`: one service, the same template and edits for each tool, updated once a round and
 * interleaved; then what each tool did to each edit. Prints a table in Markdown.
 */
const rounds = Number(process.argv[2] ?? 11);
const scratch = mkdtempSync(join(tmpdir(), 'twelve-upgrades-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const { bin } = packProduct(join(import.meta.dirname, '../..'), join(scratch, 'product'));
const { tools, missing } = prepareTools(scratch, bin);
const sink = openSync('/dev/null', 'w');
const nothing = plainEnvironment(scratch);

const baseline: number[] = [];
const times = new Map(tools.map(({ name }) => [name, [] as number[]]));
for (let round = -1; round < rounds; round += 1) {
  const start = await timeProcess({ argv: [process.execPath, '-e', '0'], cwd: scratch, env: nothing }, sink);
  if (round >= 0) baseline.push(start.ms);
  for (const tool of tools) {
    const cwd = copyService(tool, `round-${round}`);
    const { ms } = await timeProcess({ argv: tool.update, cwd, env: tool.env }, sink);
    if (round >= 0) times.get(tool.name)?.push(ms);
    rmSync(cwd, { recursive: true, force: true });
  }
}

const columns = tools.map((tool) => {
  const cwd = copyService(tool, 'judged');
  const [program, ...args] = tool.update;
  const { status } = spawnSync(program, args, { cwd, env: tool.env, stdio: 'ignore' });
  const read = (path: string) => (existsSync(join(cwd, path)) ? readFileSync(join(cwd, path), 'utf8') : undefined);
  const measured = times.get(tool.name) ?? [];
  return {
    tool,
    ms: spreadOf(measured).median,
    ratio: spreadOf(ratiosOf(measured, baseline)).median,
    status,
    fates: EDITS.map(({ fate }) => fate(read)),
  };
});

const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const lines = [
  row('', ...columns.map(({ tool }) => `${tool.name} ${tool.version}`)),
  row('---', ...columns.map(() => '---')),
  row('milliseconds, median', ...columns.map(({ ms }) => ms.toFixed(0))),
  row('ratio to `node -e 0`', ...columns.map(({ ratio }) => ratio.toFixed(2))),
  row('exit code', ...columns.map(({ status }) => String(status))),
  ...EDITS.map(({ title }, index) => row(title, ...columns.map(({ fates }) => fates[index] ?? ''))),
];
process.stdout.write(`${lines.join('\n')}\n${missing.map((line) => `not measured: ${line}\n`).join('')}`);
