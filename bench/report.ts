import type { Machine } from './machine.ts';
import type { Measured, Skipped } from './rounds.ts';
import { verdictOf } from './statistics.ts';

/** Everything a bench found, as it is written to disk. */
export interface BenchResult {
  readonly schema: 1;
  readonly date: string;
  readonly revision: string;
  readonly version: string;
  readonly machine: Machine;
  readonly load: { readonly before: number; readonly after: number };
  readonly warning?: string;
  readonly peers: Readonly<Record<string, string>>;
  readonly package: { readonly packed: number; readonly unpacked: number; readonly files: number };
  readonly service: { readonly files: number; readonly bytes: number };
  readonly groups: readonly Group[];
}

/** Subjects that were measured in the same rounds; ratios are to the first. */
export interface Group {
  readonly rounds: number;
  readonly subjects: readonly (Measured | Skipped)[];
}

/** Bytes: under 1 MB packed. */
const PACKED_TARGET = 1_000_000;

const HEADINGS = ['', 'ms', 'ratio', 'min', 'max', 'target', ''];

/** One table for all groups, each under its number of rounds, then the package. */
export function formatResult(result: BenchResult): string {
  const { machine, load, package: packed, service } = result;
  const rows = result.groups.flatMap(({ rounds, subjects }) => [
    [`${rounds} rounds`, ...HEADINGS.slice(1)],
    ...subjects.map(subjectRow),
    [],
  ]);
  const { table, skipped } = splitSkipped(rows);
  const sizeVerdict = verdictOf(packed.packed, PACKED_TARGET);
  return [
    `create-twelve-service ${result.version} at ${result.revision}, node ${machine.node}, ${machine.os} ${machine.arch}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`,
    `compared with: ${
      Object.entries(result.peers)
        .map((peer) => peer.join(' '))
        .join(', ') || 'nobody'
    }`,
    ...(result.warning ? [`WARNING: ${result.warning}`] : []),
    '',
    ...alignColumns(table),
    ...skipped,
    `package: ${kB(packed.packed)} packed (target ${kB(PACKED_TARGET)}: ${sizeVerdict}), ${kB(packed.unpacked)} unpacked, ${packed.files} files`,
    `service: ${service.files} files, ${kB(service.bytes)}`,
  ].join('\n');
}

const SKIPPED = 'not measured';

function subjectRow(subject: Measured | Skipped): string[] {
  if ('skipped' in subject) return [subject.title, SKIPPED, subject.skipped];
  const { title, ms, ratio, target } = subject;
  if (ratio === undefined) return [title, ms.median.toFixed(0), 'no baseline'];
  const figures = [ratio.median, ratio.min, ratio.max].map((value) => value.toFixed(2));
  const goal = target === undefined ? '' : `<= ${target}`;
  return [title, ms.median.toFixed(1), ...figures, goal, verdictOf(ratio.median, target)];
}

/** A reason is a sentence, which is too wide for a column. */
function splitSkipped(rows: string[][]): { table: string[][]; skipped: string[] } {
  const isSkipped = (row: string[]) => row[1] === SKIPPED;
  return {
    table: rows.map((row) => (isSkipped(row) ? row.slice(0, 2) : row)),
    skipped: rows.filter(isSkipped).map(([title, , reason]) => `${SKIPPED}: ${title}: ${reason}`),
  };
}

/** Text to the left, figures to the right. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
