import { type CompletedCommand, type CompletedOption, PROGRAMS, type Values } from './model.ts';

/** Fish 3 and newer. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const all = commands.map(({ name }) => name).join(' ');
  const lines = PROGRAMS.flatMap((program) => [
    `complete -c ${program} -f`,
    ...commands.map(
      ({ name, summary }) =>
        `complete -c ${program} -n __create_twelve_service_is_first -a ${name} -d ${quote(summary)}`,
    ),
    ...commands.flatMap(({ name, options, first, others }) => {
      const condition = quote(`__create_twelve_service_is ${name}`);
      const argument = (values: Values, count: string) =>
        values === 'text'
          ? []
          : [`complete -c ${program} -n ${quote(`__create_twelve_service_is ${name} ${count}`)} ${completed(values)}`];
      return [
        ...options.map((option) => optionLine(program, condition, option)),
        ...(name === 'create'
          ? []
          : [...argument(first, '1'), ...(first === others ? argument(others, '2') : argument(others, '2'))]),
      ];
    }),
  ]);
  return `# Completion for fish. Put it into your shell with: ${PROGRAMS[0]} completion fish | source
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
  end
  test $command = $argv[1]; or return 1
  test (count $argv) -eq 1; and return 0
  set -l given (string match --invert -- '-*' $words[$from..])
  if test $argv[2] -eq 1
    test (count $given) -eq 0
  else
    test (count $given) -gt 0
  end
end
${lines.join('\n')}`;
}

function optionLine(
  program: string,
  condition: string,
  { flags, description, values, isOptional }: CompletedOption,
): string {
  const spellings = flags.map((flag) => `-l ${flag}`).join(' ');
  // What may do without a value has it behind "=" alone, which fish calls an unrequired argument.
  const value = values === undefined || isOptional ? '' : ` -x${values === 'text' ? '' : ` ${completed(values)}`}`;
  return `complete -c ${program} -n ${condition} ${spellings}${value} -d ${quote(description)}`;
}

function completed(values: Values): string {
  if (values === 'file') return '-F';
  if (values === 'folder') return "-a '(__fish_complete_directories)'";
  return `-a ${quote(Array.isArray(values) ? values.join(' ') : '')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
