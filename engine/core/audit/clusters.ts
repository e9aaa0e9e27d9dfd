import { withoutName } from '../names.ts';
import type { Owner } from '../template/template.ts';
import type { Cluster } from './audit.ts';

/** One edit of one file: the lines that it removed from the rendering and the lines that it added. */
export interface Hunk {
  /** Lines of a unified diff, each with its sign: ` `, `-` or `+`. */
  readonly lines: readonly string[];
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
}

export interface Edit {
  readonly folder: string;
  readonly path: string;
  readonly owner: Owner;
  /** Path of the template's file, as the patch names it. */
  readonly source: string;
  /** The preset that has that file. */
  readonly preset?: string;
  /** The layers, if the file is merged from several. */
  readonly mergedFrom?: string;
  /** The edit with the service's own texts, and with placeholders for them. */
  readonly hunks: readonly Hunk[];
  readonly placed: readonly Hunk[];
  /** Whether the hunks are of the source itself, and not of what it rendered. */
  readonly isOfSource: boolean;
  /** The service's own name. */
  readonly name: string;
}

interface Open {
  readonly services: string[];
  readonly cluster: Omit<Cluster, 'services'>;
}

/** Groups equal edits and keeps one patch for each group. So ten thousand services fit into memory. */
export class ClusterCollector {
  readonly #byKey = new Map<string, Open>();
  readonly #all: Open[] = [];

  add(edit: Edit): void {
    const { owner, source, folder, hunks, placed } = edit;
    // A service named "node" has its name in "FROM node" by accident. So lines with and without placeholders both
    // count.
    const keys = [changedLines(placed), changedLines(hunks)].map((lines) => `${source}\n${owner}\n${lines}`);
    let open = keys.map((key) => this.#byKey.get(key)).find((one) => one !== undefined);
    if (!open) {
      open = { services: [], cluster: toCluster(edit) };
      this.#all.push(open);
    }
    open.services.push(folder);
    for (const key of keys) if (!this.#byKey.has(key)) this.#byKey.set(key, open);
  }

  /** The groups of at least two services, largest first. */
  finish(): Cluster[] {
    return this.#all
      .filter(({ services }) => services.length > 1)
      .map(({ services, cluster }) => ({ ...cluster, services }))
      .sort((a, b) => b.services.length - a.services.length || (a.path < b.path ? -1 : 1));
  }
}

function toCluster(edit: Edit): Open['cluster'] {
  const { path, owner, source, preset, mergedFrom, name, hunks, placed, isOfSource } = edit;
  const isTemplate = source.endsWith('.hbs');
  const needsTemplate = !isTemplate && placed.some(({ lines }) => lines.some((line) => PLACEHOLDER.test(line)));
  const notes = [
    ...(isLayoutOnly(hunks) ? ['only white space differs'] : []),
    ...(mergedFrom === undefined ? [] : [`the file is merged from ${mergedFrom}`]),
    ...(needsTemplate ? ['the file has to become a template (.hbs): the edit has the name in it'] : []),
    ...(isOfSource ? [] : ['its lines are from a service: make the edit by hand']),
  ];
  return {
    path: withoutName(path, name),
    owner,
    source,
    ...(preset === undefined ? {} : { preset }),
    patch: formatPatch(source, isTemplate || needsTemplate ? placed : hunks),
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
  };
}

function isLayoutOnly(hunks: readonly Hunk[]): boolean {
  const side = (sign: string) =>
    hunks.map(({ lines }) => lines.map((line) => (line.startsWith(sign) ? line.slice(1) : '')).join('')).join('');
  return side('-').replace(/\s/g, '') === side('+').replace(/\s/g, '');
}

/** An added line with the service's name in it. */
const PLACEHOLDER = /^\+.*(?<!\\)\{\{(name|snakeName|constName|camelName|pascalName)\}\}/;

function changedLines(hunks: readonly Hunk[]): string {
  return hunks.map(({ lines }) => lines.filter((line) => !line.startsWith(' ')).join('\n')).join('\n@@\n');
}

function formatPatch(source: string, hunks: readonly Hunk[]): string {
  const head = [`--- a/${source}`, `+++ b/${source}`];
  const body = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  return `${[...head, ...body].join('\n')}\n`;
}
