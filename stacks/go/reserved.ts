/** What no code can use as the name of a package or of a variable. */
const KEYWORDS = new Set(
  (
    'break case chan const continue default defer else fallthrough for func go goto if import interface map package range ' +
    'return select struct switch type var'
  ).split(' '),
);

/** Names of packages that Go keeps for itself, or that files of a service import: a client's package would hide them. */
const PACKAGES = new Set(
  (
    'main internal vendor testdata init any app bool byte cap clear close client clients complex config context copy delete env ' +
    'errors error false features flags fmt health http huma identity imag iota json len log logging make max metrics migrate min new ' +
    'nil os panic platform postgres print println problem queues real recover rune server service slices slog string tasks testing ' +
    'testkit time true uint url web workers'
  ).split(' '),
);

/** Why a generator cannot use a name, in camel case, in code. A file, and a name that begins in upper case, may have any. */
export function nameProblem(name: string, generator: string): string | undefined {
  if (generator !== 'add-client') return undefined;
  const word = name.toLowerCase();
  if (KEYWORDS.has(word)) return `"${word}" is a reserved word`;
  return PACKAGES.has(word) ? `"${word}" is taken` : undefined;
}
