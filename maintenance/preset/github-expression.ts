/** What GitHub knows in an expression, in lower case, as it does not tell cases apart. */
const CONTEXTS = new Set('github env vars job jobs steps runner secrets strategy matrix needs inputs'.split(' '));
const FUNCTIONS = new Set(
  'contains startswith endswith format join tojson fromjson hashfiles success always cancelled failure case'.split(' '),
);
const LITERALS = new Set('true false null nan infinity'.split(' '));

/** Texts, numbers, `.name` and `.*`, names, signs; the last group is what no expression has. */
const TOKEN =
  /'(?:[^']|'')*'|-?(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|\.\s*(?:[\w-]+|\*)|[a-z_][\w-]*|[()[\],!<>=&|*]|\s+|(.)/gis;

/** What an expression may name where it stands, in lower case. Without a set, any name is fine. */
export interface Scope {
  /** The ids of the steps before it. */
  readonly steps?: ReadonlySet<string>;
  /** The jobs that its job needs. */
  readonly needs?: ReadonlySet<string>;
}

/** The texts between `${{` and `}}`; a text in quotes may have `}}` itself. */
export function expressionsOf(text: string): string[] {
  return [...text.matchAll(/\$\{\{((?:'[^']*'|[^'}]|\}(?!\}))*)\}\}/g)].map(([, inside = '']) => inside);
}

/** Why GitHub refuses an expression, or would find nothing: what it names, not its grammar. */
export function expressionProblems(expression: string, scope: Scope): string[] {
  if (expression.trim() === '') return ['an expression is empty'];
  const found = [...expression.matchAll(TOKEN)];
  const wrong = found.find(([, sign]) => sign !== undefined);
  if (wrong) return [`an expression has ${wrong[0]}, which is not a part of one; texts stand in '...'`];
  const tokens = found.map(([token]) => token).filter((token) => token.trim() !== '');
  return tokens.flatMap((token, index): string[] => {
    if (!/^[a-z_]/i.test(token)) return [];
    const name = token.toLowerCase();
    if (tokens[index + 1] === '(') return FUNCTIONS.has(name) ? [] : [`"${token}" is not a function of an expression`];
    if (LITERALS.has(name)) return [];
    if (!CONTEXTS.has(name)) return [`"${token}" is not a context of an expression`];
    const member = memberOf(tokens.slice(index + 1));
    if (member === undefined) return [];
    if (name === 'steps' && scope.steps && !scope.steps.has(member.toLowerCase()))
      return [`steps.${member}: no step before it has this id`];
    if (name === 'needs' && scope.needs && !scope.needs.has(member.toLowerCase()))
      return [`needs.${member}: its job does not need "${member}"`];
    return [];
  });
}

/** The name in `.name` or `['name']`; nothing for all of them, or for one that is computed. */
function memberOf([first = '', text = '', last = '']: readonly string[]): string | undefined {
  const name = first.slice(1).trim();
  if (first.startsWith('.')) return name === '*' ? undefined : name;
  return first === '[' && last === ']' && text.startsWith("'") ? text.slice(1, -1) : undefined;
}
