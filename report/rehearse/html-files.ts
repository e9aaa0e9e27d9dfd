import { count } from '../../engine/core/text/count.ts';
import type { RehearsedService } from '../../maintenance/rehearse/result.ts';
import { escapeHtml, patchHtml } from '../parts/html-parts.ts';
import { MAX_EXAMPLES, PageSpace } from '../parts/html-space.ts';

/** Files that are shown; the JSON report has all. */
const MAX_FILES = 40;

interface FileSummary {
  readonly path: string;
  /** Number of services by outcome. */
  readonly outcomes: Map<string, number>;
  example?: { readonly service: string; readonly outcome: string; readonly patch: string };
}

/** What the standard does to each file, with the diff of one service: the conflicts first. */
export function filesSection(services: readonly RehearsedService[]): string {
  const files = new Map<string, FileSummary>();
  for (const service of services) {
    for (const { path, outcome, patch } of 'files' in service ? service.files : []) {
      const file = files.get(path) ?? { path, outcomes: new Map<string, number>() };
      file.outcomes.set(outcome, (file.outcomes.get(outcome) ?? 0) + 1);
      const isBetter = file.example === undefined || (outcome === 'conflict' && file.example.outcome !== 'conflict');
      if (patch !== undefined && isBetter) file.example = { service: service.service, outcome, patch };
      files.set(path, file);
    }
  }
  const weight = ({ outcomes }: FileSummary) =>
    (outcomes.get('conflict') ?? 0) * 1e6 + [...outcomes.values()].reduce((sum, number) => sum + number, 0);
  const sorted = [...files.values()].sort((a, b) => weight(b) - weight(a) || (a.path < b.path ? -1 : 1));
  if (sorted.length === 0) return '';
  const space = new PageSpace(MAX_EXAMPLES);
  const items = sorted.slice(0, MAX_FILES).map(({ path, outcomes, example }) => {
    const numbers = [...outcomes].map(([outcome, number]) => `${number} ${outcome}`).join(', ');
    const head = `<code>${escapeHtml(path)}</code> <span class="soft">${escapeHtml(numbers)}</span>`;
    if (!example) return `<p class="file">${head}</p>`;
    return `<details class="file"><summary>${head}</summary><p class="soft">As in ${escapeHtml(example.service)}, ${escapeHtml(example.outcome)}:</p>${space.take(patchHtml(example.patch))}</details>`;
  });
  const more =
    sorted.length > MAX_FILES ? `<p class="soft">and ${count(sorted.length - MAX_FILES, 'more file')}</p>` : '';
  return `<section class="long"><h2>By file</h2><p class="soft">In how many services, with the diff of one of them.</p>${items.join('')}${more}</section>`;
}
