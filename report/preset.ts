import { printable } from '../engine/core/errors.ts';
import { count } from '../engine/core/text/count.ts';
import { displayPath, placeText } from '../engine/core/text/display-path.ts';
import type { PresetCheck } from '../maintenance/preset/check.ts';
import type { PresetInit } from '../maintenance/preset/init.ts';
import { JSON_SCHEMA_VERSION } from './parts/json.ts';

export function presetInitJson(made: PresetInit): object {
  return { schema: JSON_SCHEMA_VERSION, ok: true, command: 'preset init', ...made };
}

/** The folder of the new preset, and what to run next. */
export function presetInitText({ name, target, files, notes }: PresetInit, cwd: string): string {
  const folder = printable(displayPath(cwd, target));
  const source = folder === '.' ? './' : folder.startsWith('/') ? folder : `./${folder}`;
  return [
    `${name} is in ${printable(placeText(cwd, target))} (${count(files, 'file')}).`,
    ...notes.map((note) => `  ${printable(note)}`),
    `Check it:   npx create-twelve-service preset check ${folder}`,
    `Use it:     npm create twelve-service@latest orders -- --preset ${source}`,
  ].join('\n');
}

export function presetCheckJson({ name, version, rendered, problems, workflows }: PresetCheck): object {
  const ok = problems.length === 0;
  const read = workflows === undefined ? {} : { workflows };
  return { schema: JSON_SCHEMA_VERSION, ok, command: 'preset check', name, version, rendered, ...read, problems };
}

/** A verdict, and one line for each problem. */
export function presetCheckText({ name, version, rendered, problems, workflows }: PresetCheck): string {
  const lines = problems.map(({ subject, reason }) => `  ${printable(subject)}: ${printable(reason)}`);
  const verdict = problems.length === 0 ? 'good' : count(problems.length, 'problem');
  const readers = {
    actionlint: '  Workflows were read by actionlint and by our own rules.',
    'own rules': '  Workflows were read by our own rules: install actionlint for all of its checks.',
  };
  return [
    `${name} ${version}: ${verdict}, ${count(rendered, 'option set')} rendered.`,
    ...lines,
    ...(workflows === undefined ? [] : [readers[workflows]]),
  ].join('\n');
}
