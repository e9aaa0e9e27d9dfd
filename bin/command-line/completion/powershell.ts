import { type CompletedCommand, kindsOf, PROGRAMS, type Values } from './model.ts';

/** PowerShell 5.1 and newer. */
export function powershellCompletion(commands: readonly CompletedCommand[]): string {
  const entries = commands.map(({ name, summary, options, first, others }) => {
    const flags = options.flatMap((option) =>
      option.flags.map(
        (flag) =>
          `      '--${flag}' = @{ text = ${quote(option.description)}; after = ${option.isOptional ? '$null' : list(option.values)} }`,
      ),
    );
    return `    '${name}' = @{ text = ${quote(summary)}; first = ${list(first)}; others = ${list(others)}; flags = [ordered]@{\n${flags.join('\n')}\n    } }`;
  });
  return `# Completion for PowerShell. Put it into your profile: ${PROGRAMS[0]} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${PROGRAMS.map((program) => `'${program}'`).join(', ')} -ScriptBlock {
  param($word, $ast, $position)
  $commands = [ordered]@{
${entries.join('\n')}
  }
  $words = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  $offer = { param($text, $tip) if ($text -like "$word*") { [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $tip) } }
  $offerAll = { param($values) foreach ($value in $values) { & $offer $value $value } }
  $command = 'create'
  $from = 0
  if ($words.Count -gt 0 -and $words[0] -eq 'add') {
    if ($words.Count -eq 1) { & $offerAll ${list(kindsOf(commands))}; return }
    $words = @("add-$($words[1])") + @($words | Select-Object -Skip 2)
  }
  if ($words.Count -gt 0 -and $commands.Contains($words[0])) { $command = $words[0]; $from = 1 }
  $flags = $commands[$command].flags
  if ($words.Count -gt 0 -and $flags.Contains($words[-1]) -and $null -ne $flags[$words[-1]].after) { & $offerAll $flags[$words[-1]].after; return }
  if ($word -like '-*') { foreach ($flag in $flags.Keys) { & $offer $flag $flags[$flag].text }; return }
  if ($words.Count -eq 0) { foreach ($name in $commands.Keys) { & $offer $name $commands[$name].text }; return }
  $given = 0
  for ($at = $from; $at -lt $words.Count; $at++) {
    $isValue = $at -gt 0 -and $flags.Contains($words[$at - 1]) -and $null -ne $flags[$words[$at - 1]].after
    if ($words[$at] -notlike '-*' -and -not $isValue) { $given++ }
  }
  if ($given -eq 0) { & $offerAll $commands[$command].first } else { & $offerAll $commands[$command].others }
}`;
}

/** A path has no words: where nothing is offered, PowerShell completes paths itself. */
function list(values: Values | undefined): string {
  if (values === undefined) return '$null';
  return typeof values === 'string' ? '@()' : `@(${values.map((value) => `'${value}'`).join(', ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
