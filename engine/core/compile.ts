import Handlebars from 'handlebars';
import { HELPERS } from './helpers.ts';
import type { Part } from './program.ts';
import { type RenderContext, templateError } from './template.ts';

/**
 * The compiler of the template language. The published package does not load it for its own templates, which are
 * compiled when it is built; templates from elsewhere come through here.
 *
 * The language is a small part of Handlebars: variables by name, the helpers of `helpers.ts`, `if` and `unless` on one
 * variable. Loops, lookups, partials and paths are refused here, so a template cannot run long or reach a prototype.
 */

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

/**
 * Compiles one template file.
 * @param source where the text stands, for messages
 * @param variables the names that a template may use
 * @throws {UserError} TEMPLATE_BROKEN with file and line
 */
export function compileTemplate(
  text: string,
  source: string,
  variables: ReadonlySet<string>,
): (context: RenderContext) => string {
  checkLanguage(text, source, variables);
  const handlebars = Handlebars.create();
  for (const [name, helper] of Object.entries({ ...HELPERS, [AS_TEXT]: String }))
    handlebars.registerHelper(name, helper);
  const program = Handlebars.parse(text);
  const lines = new Map<string, number>();
  writeAsText(program, lines);
  const knownHelpers = { ...OPTIONS.knownHelpers, [AS_TEXT]: true };
  const compiled = handlebars.compile(program, { ...OPTIONS, knownHelpers });
  return (context) => {
    for (const [name, lineNumber] of lines)
      if (!Object.hasOwn(context, name)) throw Object.assign(new Error(`"${name}" not defined`), { lineNumber });
    return compiled(context);
  };
}

/** A helper that no template can name: checkLanguage takes those of HELPERS alone. */
const AS_TEXT = 'as-text';

/**
 * Two quirks of Handlebars: without escaping it adds neighbours up as JavaScript does, so that two numbers become their
 * sum; and its strict mode looks at no argument of a helper or block. So every variable is written through a helper, and
 * the line of each name is kept, to look for it before anything is rendered.
 */
function writeAsText(program: hbs.AST.Program | undefined, lines: Map<string, number>): void {
  for (const statement of program?.body ?? []) {
    const { path, params, program: then, inverse } = statement as Partial<hbs.AST.BlockStatement>;
    const variable = (params?.[0] ?? path) as hbs.AST.PathExpression | undefined;
    if (!path || !params || !variable) continue;
    if (!lines.has(variable.original)) lines.set(variable.original, statement.loc.start.line);
    if (params.length === 0)
      Object.assign(statement, { params: [path], path: { ...path, original: AS_TEXT, parts: [AS_TEXT] } });
    writeAsText(then, lines);
    writeAsText(inverse, lines);
  }
}

/**
 * Compiles to data, for the build of the package.
 * @param store keeps a text and says where
 * @throws {UserError} TEMPLATE_BROKEN with file and line
 */
export function precompileTemplate(
  text: string,
  source: string,
  variables: ReadonlySet<string>,
  store: (text: string) => readonly [start: number, end: number],
): Part[] {
  checkLanguage(text, source, variables);
  return toParts(Handlebars.parse(text), store);
}

function toParts(program: hbs.AST.Program | undefined, store: (text: string) => readonly [number, number]): Part[] {
  const nameOf = (expression: unknown): string => (expression as hbs.AST.PathExpression).original;
  return (program?.body ?? []).flatMap((statement): Part[] => {
    switch (statement.type) {
      case 'ContentStatement': {
        const { value } = statement as hbs.AST.ContentStatement;
        return value === '' ? [] : [store(value)];
      }
      case 'MustacheStatement': {
        const { path, params } = statement as hbs.AST.MustacheStatement;
        return params.length === 0 ? [[nameOf(path)]] : [[nameOf(path), nameOf(params[0])]];
      }
      case 'BlockStatement': {
        const { path, params, program: then, inverse } = statement as hbs.AST.BlockStatement;
        const block = path.original === 'if' ? 'if' : 'unless';
        return [[block, nameOf(params[0]), toParts(then, store), toParts(inverse, store)]];
      }
      default:
        return []; // A comment; checkLanguage let nothing else through.
    }
  });
}

function checkLanguage(text: string, source: string, variables: ReadonlySet<string>): void {
  const workflow = text.split('\n').findIndex((line) => /\$\{\{/.test(line));
  if (workflow !== -1)
    throw templateError(
      'TEMPLATE_BROKEN',
      `${source}:${workflow + 1}`,
      '"${{" is eaten by Handlebars; ship the file verbatim, without .hbs',
    );
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parseWithoutProcessing(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const line = (error as { lineNumber?: number }).lineNumber ?? /line (\d+)/i.exec(reason)?.[1] ?? 1;
    throw templateError('TEMPLATE_BROKEN', `${source}:${line}`, reason.replace(/\s+/g, ' '), error);
  }
  checkProgram(program, source, variables);
}

/** More is a template that nobody can read, and far more would overflow the stack. */
const MAX_DEPTH = 32;

function checkProgram(
  program: hbs.AST.Program | undefined,
  source: string,
  variables: ReadonlySet<string>,
  depth = 0,
): void {
  for (const statement of program?.body ?? []) {
    const fail = (reason: string): never => {
      throw templateError('TEMPLATE_BROKEN', `${source}:${statement.loc.start.line}`, reason);
    };
    switch (statement.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        break;
      case 'MustacheStatement': {
        const { path, params, hash } = statement as hbs.AST.MustacheStatement;
        const name = (path as hbs.AST.PathExpression).original;
        if (hash?.pairs.length) fail(`"${name}" takes no named arguments`);
        if (params.length === 0) checkVariable(path, variables, fail);
        else if (!Object.hasOwn(HELPERS, name))
          fail(`there is no helper "${name}"; there are ${Object.keys(HELPERS).join(', ')}`);
        else if (params.length !== 1) fail(`the helper "${name}" takes one variable`);
        else checkVariable(params[0], variables, fail);
        break;
      }
      case 'BlockStatement': {
        const { path, params, hash, program: then, inverse } = statement as hbs.AST.BlockStatement;
        if (path.original !== 'if' && path.original !== 'unless')
          fail(`the block "${path.original}" is not allowed; only if and unless are`);
        if (params.length !== 1) fail(`"${path.original}" takes one variable`);
        if (hash?.pairs.length || then?.blockParams?.length || inverse?.blockParams?.length)
          fail(`"${path.original}" takes no named arguments, and names nothing with "as"`);
        checkVariable(params[0], variables, fail);
        if (depth === MAX_DEPTH) fail(`blocks are nested more than ${MAX_DEPTH} deep`);
        checkProgram(then, source, variables, depth + 1);
        checkProgram(inverse, source, variables, depth + 1);
        break;
      }
      default:
        fail(`${statement.type.replace(/Statement$/, '').toLowerCase()} is not part of the template language`);
    }
  }
}

function checkVariable(expression: unknown, variables: ReadonlySet<string>, fail: (reason: string) => never): void {
  const path = expression as hbs.AST.PathExpression;
  if (path.type !== 'PathExpression') fail(`${path.type} is not a variable`);
  if (path.data || path.depth > 0 || path.parts.length !== 1)
    fail(`"${path.original}" is a path; only plain names are allowed`);
  if (!variables.has(path.original))
    fail(`there is no variable "${path.original}"; there are ${[...variables].sort().join(', ')}`);
}
