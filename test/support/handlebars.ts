import Handlebars from 'handlebars';
import { HELPERS } from '../../engine/core/template/helpers.ts';
import type { RenderContext } from '../../engine/core/template/template.ts';

/**
 * Options with which an unknown helper is an error, and a name that a record does not have is taken from the context.
 */
const OPTIONS = {
  compat: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: {
    ...Object.fromEntries(Object.keys(HELPERS).map((name) => [name, true])),
    with: false,
    lookup: false,
    log: false,
  },
} as const;

/** Renders a template of our language with Handlebars itself. Our own renderer must give the same. */
export function compileWithHandlebars(text: string): (context: RenderContext) => string {
  const handlebars = Handlebars.create();
  for (const [name, helper] of Object.entries({ ...HELPERS, [AS_TEXT]: String }))
    handlebars.registerHelper(name, helper);
  const program = Handlebars.parse(text);
  const uses: Use[] = [];
  writeAsText(program, uses);
  const knownHelpers = { ...OPTIONS.knownHelpers, [AS_TEXT]: true };
  const compiled = handlebars.compile(program, { ...OPTIONS, knownHelpers });
  return (context) => {
    for (const { name, list } of uses) {
      const records = list === undefined ? [{}] : context[list];
      if (!Array.isArray(records)) throw new Error(`"${list}" is not a list`);
      for (const record of records)
        if (!Object.hasOwn({ ...context, ...record, '@last': true }, name)) throw new Error(`"${name}" not defined`);
    }
    return compiled(context);
  };
}

/** A name in a template, and the list whose records are searched for it first. */
interface Use {
  readonly name: string;
  readonly list?: string;
}

/** A helper that no template can name. */
const AS_TEXT = 'as-text';

/**
 * Works around two quirks of Handlebars. Without escaping it joins neighbours with `+`, so that two numbers become
 * their sum. And its strict mode does not check the arguments of helpers and blocks. So every variable is written
 * through a
 * helper, and all names are collected and checked before anything is rendered.
 */
function writeAsText(program: hbs.AST.Program | undefined, uses: Use[], list?: string): void {
  for (const statement of program?.body ?? []) {
    const { path, params, program: then, inverse } = statement as Partial<hbs.AST.BlockStatement>;
    const variable = (params?.[0] ?? path) as hbs.AST.PathExpression | undefined;
    if (!path || !params || !variable) {
      writeAsText(then, uses, list); // The default of a block.
      continue;
    }
    uses.push({ name: variable.original, ...(list === undefined ? {} : { list }) });
    if (params.length === 0)
      Object.assign(statement, { params: [path], path: { ...path, original: AS_TEXT, parts: [AS_TEXT] } });
    writeAsText(then, uses, path.original === 'each' ? variable.original : list);
    writeAsText(inverse, uses, list);
  }
}
