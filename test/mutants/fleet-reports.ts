// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code

import type { Mutant } from './mutants.ts';

/** The gates of what audits and rehearsals print: nothing of a repository acts in a page or a spreadsheet. */
export const FLEET_REPORTS: readonly Mutant[] = [
  {
    gate: 'fleet page: any text is an address to follow',
    in: 'linkHtml',
    search: "if (address === undefined || !/^https?:\\/\\//.test(address)) return '';",
    replace: "if (address === undefined) return '';",
    red: 'core/audit-reports.test.ts',
    only: 'a script is no address',
  },
  {
    gate: 'fleet page: an answer ends its attribute',
    in: 'tableRow',
    search: '`data-${key}="${escapeHtml(value)}"`',
    replace: '`data-${key}="${value}"`',
    red: 'core/audit-reports.test.ts',
    only: 'no attribute of another kind',
  },
  {
    gate: 'fleet page: it grows without end',
    in: 'PageSpace',
    search: 'return this.#left < 0 ? LEFT_OUT : html;',
    replace: 'return html;',
    red: 'core/audit-reports.test.ts',
    only: 'a thousand services',
  },
  {
    gate: 'fleet page: a diff is markup',
    in: 'patchHtml',
    search: 'const text = escapeHtml(',
    replace: 'const text = String(',
    red: 'core/audit-reports.test.ts',
    only: 'nothing of a repository becomes markup',
  },
  {
    gate: 'fleet report: an answer is a formula of a spreadsheet',
    in: 'csvCell',
    search: "? `'${shown}` : shown;",
    replace: '? shown : shown;',
    red: 'core/audit-reports.test.ts',
    only: 'no cell is a formula',
  },
  {
    gate: 'fleet report: a remote has any scheme',
    in: 'webAddress',
    search: "if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;",
    replace: "if (url.protocol === '') return undefined;",
    red: 'core/audit-answers.test.ts',
  },
  {
    gate: 'fleet report: a remote shows its password',
    in: 'webAddress',
    search: "url.password = '';",
    replace: "url.hash = '';",
    red: 'core/audit-answers.test.ts',
  },
  {
    gate: 'fleet report: an answer leaves the path of a link',
    in: 'parseLink',
    search: 'return segments.map(encodeURIComponent)',
    replace: 'return segments.map(String)',
    red: 'core/audit-answers.test.ts',
  },
  {
    gate: 'fleet report: what another command wrote is compared',
    in: 'parseEarlierAudit',
    search: 'if (command !== undefined) throw',
    replace: "if (command === '') throw",
    red: 'core/audit-trend.test.ts',
  },
  {
    gate: 'fleet report: conflicts have the versions of another service',
    in: 'mergeWithGit',
    search: "'ours' in names ? names : names[index]",
    replace: "'ours' in names ? names : names[index * 0]",
    red: 'cli/fleet-reports.test.ts',
    only: 'names in each conflict',
  },
];
