import Handlebars from 'handlebars';
import { HELPERS } from '../../engine/core/template/helpers.ts';
import type { RenderContext } from '../../engine/core/template/template.ts';

/** The options that make an unknown helper an error, and that look for a name in the context where a record lacks it. */
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

/** What Handlebars itself makes of a template of our language: the oracle of our own renderer. */
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

/** A name that a template uses, and the list whose records it is looked for in first. */
interface Use {
  readonly name: string;
  readonly list?: string;
}

/** A helper that no template can name. */
const AS_TEXT = 'as-text';

/**
 * Two quirks of Handlebars: without escaping it adds neighbours up as JavaScript does, so that two numbers become their
 * sum; and its strict mode looks at no argument of a helper or block. So every variable is written through a helper, and
 * each name is kept, to look for it before anything is rendered.
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
