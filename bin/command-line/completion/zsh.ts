import { type CompletedCommand, type CompletedOption, kindsOf, PROGRAMS, type Values } from './model.ts';

/** Zsh, sourced after `compinit` or as a file `_create-twelve-service` in `$fpath`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  const cases = commands.map(({ name, options, first, others }) => {
    const specs = [
      ...options.flatMap(optionSpecs),
      ...(first === others ? [] : [`1:${name}:${action(first)}`]),
      `*:${name}:${action(others)}`,
    ];
    return `    ${name}) _arguments -S ${specs.map(quote).join(' \\\n      ')} ;;`;
  });
  return `#compdef ${PROGRAMS.join(' ')}
# Completion for zsh. Put it into your shell with: source <(${PROGRAMS[0]} completion zsh)
_create_twelve_service() {
  local command=create
  local -a commands
  commands=(
${names.join('\n')}
  )
  if [[ $words[2] == add ]] && ((CURRENT > 2)); then
    if ((CURRENT == 3)); then compadd ${kindsOf(commands).join(' ')}; return; fi
    words[2,3]=(add-$words[3])
    ((CURRENT--))
  fi
  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then _describe command commands; return; fi
  if (($+commands[(r)$words[2]:*])); then
    command=$words[2]
    shift words
    ((CURRENT--))
  fi
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _create-twelve-service ]]; then _create_twelve_service "$@"; else compdef _create_twelve_service ${PROGRAMS.join(' ')}; fi`;
}

function optionSpecs({ flags, description, values, isOptional }: CompletedOption): string[] {
  const text = description.replace(/[[\]\\]/g, '\\$&');
  const value = values === undefined ? '' : `:value:${action(values)}`;
  const sign = values === undefined ? '' : isOptional ? '=-' : '=';
  const optional = isOptional ? ':' : '';
  return flags.map((flag) => `*--${flag}${sign}[${text}]${optional}${value}`);
}

function action(values: Values): string {
  // Says that there is nothing to offer, unless a flag is typed: that would be said in place of completing it.
  if (values === 'text') return '_guard "^-*" text';
  if (values === 'file') return '_files';
  return values === 'folder' ? '_files -/' : `(${values.join(' ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
