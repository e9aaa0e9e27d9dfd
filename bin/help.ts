import { flagOf, type Question } from '../engine/core/question.ts';
import { GENERATORS, type Generator } from '../generators/generators.ts';
import { RUN_OPTIONS, type RunOption } from './options.ts';
import { VERBS } from './verbs.ts';

function placeholderOf({ schema }: Question): string {
  if (schema.type === 'integer') return 'NUMBER';
  if (schema.type === 'array') return 'TEXT ...';
  return schema.enum ? schema.enum.join('|') : 'TEXT';
}

function questionLine(question: Question): [string, string] {
  const { message, default: initial } = question;
  const fallback =
    typeof initial === 'function' || initial === undefined || initial === '' ? '' : ` (default: ${initial})`;
  return [`${flagOf(question)} ${placeholderOf(question)}`, `${message}${fallback}`];
}

function optionLine(option: RunOption): [string, string] {
  const flags = [option.flag, ...(option.aliases ?? [])].map((flag) => `--${flag}`).join(', ');
  return [option.value ? `${flags} ${option.value}` : flags, option.description];
}

function usageLine({ name, positional, rest }: Generator): string {
  const values = [positional, ...(rest ? [`${rest} ...`] : [])].map((value) => value.toUpperCase()).join(' ');
  return `       create-twelve-service ${name} ${values} [options]`;
}

/** The help text, from the same tables that parse the command line. */
export function helpText(): string {
  const [create] = GENERATORS;
  const lines = [...(create?.questions ?? []).filter(({ name }) => name !== create?.positional).map(questionLine)];
  const table = (rows: readonly [string, string][]) => rows.map(([left, right]) => `  ${left.padEnd(34)} ${right}`);
  return [
    'Usage: npm create twelve-service@latest [name] -- [options]',
    '       create-twelve-service [name] [options]',
    '       create-twelve-service describe [--format json]',
    ...GENERATORS.filter(({ name }) => name !== 'create').map(usageLine),
    '       create-twelve-service apply FILE | undo',
    ...VERBS.map(
      ({ name, usage }) => `       create-twelve-service ${[name, usage].filter(Boolean).join(' ')} [options]`,
    ),
    '',
    'Creates a service that behaves as a twelve-factor service. The name may be "." (this folder) or @scope/name.',
    'The other verbs work in the folder of a service; VERB --help and describe list their options.',
    'On a terminal it asks for what is not given; without one, under CI or with --yes it asks nothing.',
    '',
    'The service:',
    ...table(lines),
    '',
    'The run:',
    ...table(RUN_OPTIONS.map(optionLine)),
    '',
    'Exit codes: 0 done, 1 our bug, 2 bad input, 3 refused, 4 done but a person is needed, 5 network, 6 template,',
    '            7 disk, 130 and 143 interrupted. Any but 0 and 4: nothing was written.',
  ].join('\n');
}
