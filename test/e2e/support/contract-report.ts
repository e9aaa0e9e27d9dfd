import type { Result } from '../../../contract/result.ts';
import type { Report } from '../../../contract/verify.ts';

const MARK: Readonly<Record<Result['outcome'], string>> = {
  kept: 'kept',
  partly: 'in part',
  broken: 'BROKEN',
  skipped: '-',
};

/** Rules down, targets across: one word a cell. */
export function renderTable(reports: readonly Report[]): string {
  const header = ['rule', ...reports.map(({ target }) => target.name)];
  const rows = (reports[0]?.results ?? []).map(({ rule }) => [
    rule.id,
    ...reports.map(({ results }) => word(results.find((result) => result.rule === rule))),
  ]);
  const took = ['seconds', ...reports.map(({ ms }) => (ms / 1000).toFixed(1))];
  const table = [header, ...rows, took];
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A star marks a rule that broke at first and was looked at again. */
function word(result: Result | undefined): string {
  return result === undefined ? '-' : `${MARK[result.outcome]}${result.again ? '*' : ''}`;
}

/** The rules that are kept, as far as they were seen. */
export function keptIn({ results }: Report): string[] {
  return results.filter(({ outcome }) => outcome === 'kept' || outcome === 'partly').map(({ rule }) => rule.id);
}

/** What went wrong, with what was sent and what came back; and what was not looked at, with the reason. */
export function renderFindings({ target, results }: Report): string {
  return results
    .flatMap(({ rule, outcome, reason, evidence }) => {
      if (outcome === 'skipped') return [`${target.name} ${rule.id} skipped: ${reason}`];
      return evidence
        .filter(({ ok }) => !ok)
        .map(
          ({ sent, expected, got }) => `${target.name} ${rule.id} ${sent}\n  expected: ${expected}\n  got:      ${got}`,
        );
    })
    .join('\n');
}
