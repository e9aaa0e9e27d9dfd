import { printable, UserError } from '../engine/core/errors.ts';
import type { Origin } from '../engine/core/template/provenance.ts';
import { explainFile } from '../maintenance/explain/run.ts';
import { JSON_SCHEMA_VERSION } from '../report/outcome.ts';
import type { Invocation } from './verb-arguments.ts';
import type { VerbContext } from './verb-context.ts';

/** `explain FILE` */
export async function runExplain(
  { positionals, flags, format }: Invocation,
  { cwd, output }: VerbContext,
): Promise<number> {
  const [file] = positionals;
  if (file === undefined)
    throw new UserError('INPUT_MISSING', 'which file?', 'E.g. create-twelve-service explain Dockerfile.');
  const explanation = await explainFile(file, { cwd, ...(typeof flags.dir === 'string' ? { dir: flags.dir } : {}) });
  if (format === 'json')
    return output.data(JSON.stringify({ schema: JSON_SCHEMA_VERSION, ok: true, command: 'explain', ...explanation }));
  const { path, owner, state, lines, keys } = explanation;
  const width = Math.min(48, Math.max(10, ...keys.map(({ key }) => key.length)));
  const row = (place: string, { source, from }: Origin) =>
    `  ${place.padEnd(width)} ${printable(source).padEnd(40)} ${printable(from)}`;
  return output.data(
    [
      `${printable(path)}: ${owner === undefined ? '' : `${owner}, `}${state}`,
      ...keys.map(({ key, origin }) => row(printable(key), origin)),
      ...lines.map(({ from, to, origin }) => row(from === to ? `line ${from}` : `${from}-${to}`, origin)),
    ].join('\n'),
  );
}
