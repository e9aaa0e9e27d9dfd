import { printable } from '../engine/core/errors.ts';
import type { Origin } from '../engine/core/template/provenance.ts';
import type { Explanation } from '../maintenance/explain/run.ts';
import { JSON_SCHEMA_VERSION } from './parts/json.ts';

export function explanationJson(explanation: Explanation): object {
  return { schema: JSON_SCHEMA_VERSION, ok: true, command: 'explain', ...explanation };
}

/** One line for each key or group of lines: its place and its source. */
export function explanationText({ path, owner, state, lines, keys }: Explanation): string {
  const width = Math.min(48, Math.max(10, ...keys.map(({ key }) => key.length)));
  const row = (place: string, { source, from }: Origin) =>
    `  ${place.padEnd(width)} ${printable(source).padEnd(40)} ${printable(from)}`;
  return [
    `${printable(path)}: ${owner === undefined ? '' : `${owner}, `}${state}`,
    ...keys.map(({ key, origin }) => row(printable(key), origin)),
    ...lines.map(({ from, to, origin }) => row(from === to ? `line ${from}` : `${from}-${to}`, origin)),
  ].join('\n');
}
