import { type Command, GROUPS } from './command.ts';
import { optionRows, questionRows } from './help.ts';

/**
 * docs/command-line.md, from the table of commands.
 * @returns Markdown
 */
export function commandLineDocument(commands: readonly Command[]): string {
  const groups = Object.entries(GROUPS).flatMap(([group, title]) => {
    const own = commands.filter((command) => command.group === group);
    return [
      `## ${title}`,
      '',
      '| command | what it does |',
      '|---|---|',
      ...own.map(({ name, usage, summary }) => row([name, usage].filter(Boolean).join(' '), summary)),
      '',
      ...own.flatMap(section),
    ];
  });
  return [
    '# The command line',
    '',
    '<!-- Written by `npx tsx bin/command-line/write-document.ts` from bin/command-line/table.ts. -->',
    '',
    '`npm create twelve-service@latest -- NAME [options]` makes a service; [clients](clients.md) has the form for pnpm, yarn and',
    'bun. Every other command is `npx create-twelve-service COMMAND`. Where the package is installed, `twelve COMMAND` is the',
    'same program; `npx twelve` is not, that is a package of somebody else. `COMMAND --help` prints what stands here, and',
    '`describe --format json` prints it for programs.',
    '',
    'A word that looks like a command is refused as a name (exit code 2): `upgrad`, `update`, `init`. Inside a service every',
    'word is. `create upgrad` and `--name upgrad` make a service of that name. The names of commands are never names of services.',
    '',
    'Each command has these options:',
    '',
    '| option | what it does |',
    '|---|---|',
    ...optionRows(undefined).map(([left, right]) => row(left, right)),
    '',
    ...groups,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function section(command: Command): string[] {
  const { name, options, formats, examples } = command;
  const own = optionRows({ options, formats }).slice(0, Object.keys(options).length);
  const rows = [...questionRows(command), ...own];
  return [
    `### ${name}`,
    '',
    '```sh',
    ...examples.map((example) => `npx create-twelve-service ${example}`),
    '```',
    '',
    ...(formats.length > 1 ? [`\`--format\`: ${formats.join(', ')}.`, ''] : []),
    ...(rows.length > 0 ? ['| option | what it does |', '|---|---|', ...rows.map(([a, b]) => row(a, b)), ''] : []),
  ];
}

function row(left: string, right: string): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return `| \`${cell(left)}\` | ${cell(right).replaceAll('<', '&lt;')} |`;
}
