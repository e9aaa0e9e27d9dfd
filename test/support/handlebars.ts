import Handlebars from 'handlebars';
import { HELPERS } from '../../engine/core/template/helpers.ts';
import type { RenderContext } from '../../engine/core/template/template.ts';

/** The options that make an unknown variable or helper an error rather than an empty string. */
const OPTIONS = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: {
    ...Object.fromEntries(Object.keys(HELPERS).map((name) => [name, true])),
    each: false,
    with: false,
    lookup: false,
    log: false,
  },
} as const;

/** What Handlebars itself makes of a template of our language: the oracle of our own renderer. */
export function compileWithHandlebars(text: string): (context: RenderContext) => string {
  const handlebars = Handlebars.create();
  for (const [name, helper] of Object.entries({ ...HELPERS, [AS_TEXT]: String }))
    handlebars.registerHelper(name, helper);
  const program = Handlebars.parse(text);
  const names = new Set<string>();
  writeAsText(program, names);
  const knownHelpers = { ...OPTIONS.knownHelpers, [AS_TEXT]: true };
  const compiled = handlebars.compile(program, { ...OPTIONS, knownHelpers });
  return (context) => {
    for (const name of names) if (!Object.hasOwn(context, name)) throw new Error(`"${name}" not defined`);
    return compiled(context);
  };
}

/** A helper that no template can name. */
const AS_TEXT = 'as-text';

/**
 * Two quirks of Handlebars: without escaping it adds neighbours up as JavaScript does, so that two numbers become their
 * sum; and its strict mode looks at no argument of a helper or block. So every variable is written through a helper, and
 * each name is kept, to look for it before anything is rendered.
 */
function writeAsText(program: hbs.AST.Program | undefined, names: Set<string>): void {
  for (const statement of program?.body ?? []) {
    const { path, params, program: then, inverse } = statement as Partial<hbs.AST.BlockStatement>;
    const variable = (params?.[0] ?? path) as hbs.AST.PathExpression | undefined;
    if (!path || !params || !variable) continue;
    names.add(variable.original);
    if (params.length === 0)
      Object.assign(statement, { params: [path], path: { ...path, original: AS_TEXT, parts: [AS_TEXT] } });
    writeAsText(then, names);
    writeAsText(inverse, names);
  }
}
