import {
  type CompletedCommand,
  type CompletedOption,
  flagsWithValue,
  kindsOf,
  PROGRAMS,
  type Values,
} from './model.ts';

const [PROGRAM, OTHER] = PROGRAMS;

/** Fish 3 and newer. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const all = commands.map(({ name }) => name).join(' ');
  const kinds = kindsOf(commands);
  const valued = commands.map(
    (command) => `    case ${command.name}\n      set valued ${flagsWithValue(command).join(' ')}`,
  );
  const lines = [
    `complete -c ${PROGRAM} -f`,
    ...commands.map(
      ({ name, summary }) =>
        `complete -c ${PROGRAM} -n __create_twelve_service_is_first -a ${name} -d ${quote(summary)}`,
    ),
    ...commands.flatMap(({ name, options, first, others }) => [
      ...options.map((option) => optionLine(name, option)),
      ...argumentLine(`${name} 1`, first),
      ...argumentLine(`${name} 2`, others),
    ]),
    ...argumentLine('add 1', kinds),
    `complete -c ${OTHER} -w ${PROGRAM}`,
  ];
  return `# Completion for fish. Put it into your shell with: ${PROGRAM} completion fish | source
function __create_twelve_service_is_first
  test (count (commandline -opc)) -eq 1
end
# Whether COMMAND runs, and with a number whether its first argument (1) or a later one (2) is completed.
function __create_twelve_service_is
  set -l words (commandline -opc)
  set -l command create
  set -l from 2
  if contains -- "$words[2]" ${all}
    set command $words[2]
    set from 3
  else if test "$words[2]" = add
    set command add
    set from 3
    if contains -- "$words[3]" ${kinds.join(' ')}
      set command add-$words[3]
      set from 4
    end
  end
  test $command = $argv[1]; or return 1
  test (count $argv) -eq 1; and return 0
  set -l valued
  switch $command
${valued.join('\n')}
  end
  set -l given
  set -l before
  for word in $words[$from..]
    if not string match -q -- '-*' $word; and not contains -- "$before" $valued
      set -a given $word
    end
    set before $word
  end
  if test $argv[2] -eq 1
    test (count $given) -eq 0
  else
    test (count $given) -gt 0
  end
end
${lines.join('\n')}`;
}

function optionLine(name: string, { flags, description, values, isOptional }: CompletedOption): string {
  const spellings = flags.map((flag) => `-l ${flag}`).join(' ');
  // What may do without a value has it behind "=" alone, which fish cannot complete.
  const value = values === undefined || isOptional ? '' : ` -r ${completed(values)}`;
  return `complete -c ${PROGRAM} -n '__create_twelve_service_is ${name}' ${spellings}${value} -d ${quote(description)}`;
}

function argumentLine(condition: string, values: Values): string[] {
  if (values === 'text') return [];
  return [`complete -c ${PROGRAM} -n '__create_twelve_service_is ${condition}' ${completed(values)}`];
}

function completed(values: Values): string {
  if (values === 'file') return '-F';
  if (values === 'text') return '-f';
  if (values === 'folder') return "-f -a '(__fish_complete_directories)'";
  return `-f -a ${quote(values.join(' '))}`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
