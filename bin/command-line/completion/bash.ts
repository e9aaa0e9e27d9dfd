import { type CompletedCommand, flagsWithValue, kindsOf, PROGRAMS, type Values } from './model.ts';

/** Bash 3.2 and newer, also without the bash-completion package. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const kinds = kindsOf(commands);
  const flags = commands.map((command) => {
    const all = command.options.flatMap((option) => option.flags.map((flag) => `--${flag}`));
    return `    ${command.name}) flags='${all.join(' ')}' valued=' ${flagsWithValue(command).join(' ')} ' ;;`;
  });
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap((option) => {
      if (option.values === undefined) return [];
      // What may do without a value has it behind "=" alone.
      const patterns = option.flags.map((flag) => `${name}:--${flag}${option.isOptional ? '=' : ''}`);
      const both = option.isOptional ? patterns : patterns.flatMap((pattern) => [pattern, `${pattern}=`]);
      return [`    ${both.join(' | ')}) ${complete(option.values)} ;;`];
    }),
  );
  const args = commands.flatMap(({ name, first, others }) => [
    ...(first === others ? [] : [`    ${name}:1) ${complete(first)} ;;`]),
    `    ${name}:*) ${complete(others)} ;;`,
  ]);
  return `# Completion for bash. Put it into your shell with: source <(${PROGRAMS[0]} completion bash)
_create_twelve_service() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=create at=1 flags= valued= index count=0
  # Bash takes "--format=json" for three words.
  if [[ $cur == = ]]; then cur=; prev=$prev=
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}=
  fi
  case \${COMP_WORDS[1]} in
    ${commands.map(({ name }) => name).join(' | ')}) if ((COMP_CWORD > 1)); then command=\${COMP_WORDS[1]}; at=2; fi ;;
    add)
      if ((COMP_CWORD == 2)); then ${complete(kinds)}; fi
      case \${COMP_WORDS[2]} in ${kinds.join(' | ')}) command=add-\${COMP_WORDS[2]}; at=3 ;; esac ;;
  esac
  case $command in
${flags.join('\n')}
  esac
  case $command:$prev in
${values.join('\n')}
  esac
  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$cur")); return; fi
  if ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$cur")); return; fi
  for ((index = at; index <= COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in -* | =) continue ;; esac
    [[ \${COMP_WORDS[index-1]} == = || $valued == *" \${COMP_WORDS[index-1]} "* ]] || ((count++))
  done
  case $command:$count in
${args.join('\n')}
  esac
}
# A name with spaces is one name.
_create_twelve_service_paths() {
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$2")
}
complete -o nosort -F _create_twelve_service ${PROGRAMS.join(' ')} 2>/dev/null ||
  complete -F _create_twelve_service ${PROGRAMS.join(' ')}`;
}

function complete(values: Values): string {
  if (values === 'text') return 'COMPREPLY=(); return';
  if (values === 'file') return '_create_twelve_service_paths -f "$cur"; return';
  if (values === 'folder') return '_create_twelve_service_paths -d "$cur"; return';
  return `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$cur")); return`;
}
