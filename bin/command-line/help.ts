import { flagOf, type Question } from '../../engine/core/question.ts';
import { wrap } from '../../report/parts/wrap.ts';
import { COMMON_OPTIONS, type Command, GROUPS, type Option } from './command.ts';

/** Help texts, from the table that parses the command line. */

const PROGRAM = 'npx create-twelve-service';
const WIDTH = 80;
/** Columns of what stands on the left; a longer one has a line of its own. */
const LEFT = 26;

type Row = readonly [left: string, right: string];

/**
 * `--help`: every command by what a person wants, and the options of a new service.
 * @param creates how the client in use makes a service
 */
export function helpText(commands: readonly Command[], creates: string): string {
  const create = commands.find(({ name }) => name === 'create');
  const groups = Object.entries(GROUPS).flatMap(([group, title]) => {
    const rows = commands
      .filter((command) => command.group === group)
      .map(({ name, usage, summary }): Row => [[name, usage].filter(Boolean).join(' '), summary]);
    return ['', `${title}:`, ...table(rows)];
  });
  return [
    `Usage: ${creates} NAME [options]`,
    '       npx create-twelve-service NAME [options]',
    '       npx create-twelve-service COMMAND [options]',
    '',
    ...wrap(
      'Creates services that behave as twelve-factor services, and keeps them on one standard. NAME may be "." (this folder) or @scope/name; "create" may be left out. COMMAND --help lists the options of a command.',
      WIDTH,
    ),
    ...groups,
    '',
    'Answers about a new service (a terminal asks for the main ones):',
    ...table(questionRows(create)),
    '',
    'Options of create:',
    ...table(optionRows(create)),
    '',
    ...wrap(
      'Exit codes: 0 done, 1 our bug, 2 bad input, 3 refused, 4 done but a person is needed, 5 network, 6 template, 7 disk, 130 and 143 interrupted. After any but 0 and 4 nothing was written (verify may have built the folder).',
      WIDTH,
    ),
  ].join('\n');
}

/** `upgrade --help` */
export function commandHelp(command: Command): string {
  const { name, usage, summary, examples } = command;
  const questions = questionRows(command);
  return [
    `Usage: ${[PROGRAM, name, usage].filter(Boolean).join(' ')} [options]`,
    '',
    ...wrap(`${summary}.`, WIDTH),
    ...(questions.length > 0 ? ['', 'Answers:', ...table(questions)] : []),
    '',
    'Options:',
    ...table(optionRows(command)),
    '',
    'Examples:',
    ...examples.flatMap(commandLines),
  ].join('\n');
}

/** `add --help`: what can be added, with an example of each. */
export function addHelp(commands: readonly Command[]): string {
  const adders = commands.filter(({ name }) => name.startsWith('add-'));
  return [
    `Usage: ${PROGRAM} add KIND ... [options]`,
    '',
    'Grows a service. On a terminal it asks for what is not given.',
    '',
    ...table(adders.map(({ name, usage, summary }): Row => [`${name} ${usage}`.replace('-', ' '), summary])),
    '',
    'Examples:',
    ...adders.flatMap(({ examples: [first] }) => commandLines(first)),
    '',
    `${PROGRAM} add KIND --help lists all options of a kind.`,
  ].join('\n');
}

/** A row for each question that is not the command's argument: flag and values, what it asks. */
export function questionRows({ generator }: Pick<Command, 'generator'> = {}): Row[] {
  const questions = generator?.questions.filter(({ name }) => name !== generator.positional) ?? [];
  return questions.map((question): Row => {
    const { message, about = {}, default: initial } = question;
    const choices = Object.entries(about).map(([value, text]) => `${value}: ${text}`);
    const said = choices.length === 0 ? message : `${message}. ${choices.join('. ')}.`;
    const isSaid = typeof initial !== 'function' && initial !== undefined && initial !== '' && String(initial) !== '';
    return [`${flagOf(question)} ${valuesOf(question)}`, `${said}${isSaid ? ` (default: ${initial})` : ''}`];
  });
}

/** A row for each option: its spellings and value, what it does. */
export function optionRows(command: Pick<Command, 'options' | 'formats'> | undefined): Row[] {
  const all: [string, Option][] = Object.entries({ ...command?.options, ...COMMON_OPTIONS });
  return all.map(([flag, { aliases = [], value, isOptional, description }]): Row => {
    const values = flag === 'format' ? (command?.formats ?? []).join('|') : value;
    const [first, ...others] = [flag, ...aliases].map((spelling) => `--${spelling}`);
    // An alias of an option whose value may be left out is the option without a value.
    if (isOptional) return [[`${first}[=${values}]`, ...others].join(', '), description];
    return [`${[first, ...others].join(', ')}${values ? ` ${values}` : ''}`, description];
  });
}

function valuesOf({ schema, value }: Question): string {
  if (schema.type === 'integer') return 'NUMBER';
  if (schema.type === 'array') return 'TEXT ...';
  return schema.enum ? schema.enum.filter(Boolean).join('|') : (value ?? 'TEXT');
}

/** A command that can be copied: what is too wide goes on behind a backslash. */
function commandLines(example: string): string[] {
  const line = `  ${PROGRAM} ${example}`;
  if (line.length <= WIDTH) return [line];
  // Before an option if it can be.
  const option = line.lastIndexOf(' --', WIDTH - 2);
  const at = option > 0 ? option : line.lastIndexOf(' ', WIDTH - 2);
  return [`${line.slice(0, at)} \\`, `    ${line.slice(at).trim()}`];
}

/** Rows in two columns, which keep to the width of a terminal. */
function table(rows: readonly Row[]): string[] {
  return rows.flatMap(([left, right]) => {
    const lines = wrap(right, WIDTH - LEFT - 4);
    const [first = '', ...rest] = left.length > LEFT ? ['', ...lines] : lines;
    const head = left.length > LEFT ? wrap(left, WIDTH - 2) : [`${left.padEnd(LEFT)}  ${first}`];
    return [...head, ...rest.map((line) => `${' '.repeat(LEFT)}  ${line}`)].map((line) => `  ${line}`.trimEnd());
  });
}
