/** What no module can be called: a test imports it by its name. */
const KEYWORDS = new Set(
  (
    'and as assert async await break class continue def del elif else except finally for from global if import in is lambda ' +
    'nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** Generators whose names are those of modules. A resource is in one that has the name of its plural. */
const MODULES = /^add-(client|endpoint|flag|task|worker)$/;

/** Why a generator cannot use a name, in camel case, in code. */
export function nameProblem(name: string, generator: string): string | undefined {
  return MODULES.test(generator) && KEYWORDS.has(name) ? `"${name}" is a reserved word` : undefined;
}
