import { count } from '../engine/core/count.ts';
import { EXIT_BY_CODE, printable, UserError } from '../engine/core/errors.ts';
import { displayPath } from '../engine/io/surroundings.ts';
import { checkPreset } from '../maintenance/preset/check.ts';
import { initPreset } from '../maintenance/preset/init.ts';
import { JSON_SCHEMA_VERSION } from '../report/outcome.ts';
import type { Invocation } from './verb-arguments.ts';
import type { VerbContext } from './verb-context.ts';

/** `preset init [DIR]`, `preset check [DIR]` */
export async function runPreset({ positionals, flags, format }: Invocation, context: VerbContext): Promise<number> {
  const [action, dir = '.'] = positionals;
  const isJson = format === 'json';
  if (action === 'init') return init(dir, typeof flags.name === 'string' ? flags.name : undefined, isJson, context);
  if (action === 'check' && flags.name === undefined) return check(dir, isJson, context);
  throw new UserError(
    action === undefined ? 'INPUT_MISSING' : 'INPUT_INVALID',
    action === 'check' ? '--name is for preset init' : 'preset init, or preset check?',
    'E.g. create-twelve-service preset init service-preset --name @acme/service-preset.',
  );
}

async function init(dir: string, name: string | undefined, isJson: boolean, context: VerbContext): Promise<number> {
  const { cwd, output, beforeCommit, onApplied } = context;
  const made = await initPreset({ dir, ...(name === undefined ? {} : { name }) }, { cwd, beforeCommit });
  onApplied(true);
  const folder = printable(displayPath(cwd, made.target));
  if (isJson) output.data(JSON.stringify({ schema: JSON_SCHEMA_VERSION, ok: true, command: 'preset init', ...made }));
  else
    output.chatter(
      [
        `${made.name} is in ${folder} (${count(made.files, 'file')}).`,
        ...made.notes.map((note) => `  ${printable(note)}`),
        `Check it:   npx create-twelve-service preset check ${folder}`,
        `Use it:     npm create twelve-service@latest orders -- --preset ${folder === '.' ? './' : folder.startsWith('/') ? folder : `./${folder}`}`,
      ].join('\n'),
    );
  return 0;
}

async function check(dir: string, isJson: boolean, { cwd, output }: VerbContext): Promise<number> {
  const { name, version, rendered, problems } = await checkPreset(dir, cwd);
  const isGood = problems.length === 0;
  if (isJson)
    output.data(
      JSON.stringify({
        schema: JSON_SCHEMA_VERSION,
        ok: isGood,
        command: 'preset check',
        name,
        version,
        rendered,
        problems,
      }),
    );
  else {
    const lines = problems.map(({ subject, reason }) => `  ${printable(subject)}: ${printable(reason)}`);
    const verdict = isGood ? 'good' : count(problems.length, 'problem');
    output.data([`${name} ${version}: ${verdict}, ${count(rendered, 'option set')} rendered.`, ...lines].join('\n'));
  }
  return isGood ? 0 : EXIT_BY_CODE.TEMPLATE_BROKEN;
}
