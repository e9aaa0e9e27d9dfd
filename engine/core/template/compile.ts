import Handlebars from 'handlebars';
import { HELPERS } from './helpers.ts';
import { type Part, renderParts } from './program.ts';
import { type RenderFunction, templateError } from './template.ts';

/**
 * The compiler of the template language. The published package does not load it for its own templates, which are
 * compiled when it is built; templates from elsewhere come through here.
 *
 * The language is a small part of Handlebars: variables by name, the helpers of `helpers.ts`, `if` and `unless` on one
 * variable, and named blocks that a preset may fill (`{{#> name}}default{{/name}}`). Loops, lookups, partials and paths are
 * refused here, so a template cannot run long or reach a prototype.
 */

/**
 * Compiles one template file.
 * @param source where the text stands, for messages
 * @param variables the names that a template may use
 * @throws {UserError} TEMPLATE_BROKEN with file and line
 */
export function compileTemplate(text: string, source: string, variables: ReadonlySet<string>): RenderFunction {
  const texts: Buffer[] = [];
  let length = 0;
  const parts = precompileTemplate(text, source, variables, (piece) => {
    const bytes = Buffer.from(piece);
    texts.push(bytes);
    length += bytes.length;
    return [length - bytes.length, length];
  });
  const store = Buffer.concat(texts);
  return (context, blocks) => renderParts(parts, store, context, blocks);
}

/**
 * Compiles to data, as the package ships it.
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
      case 'PartialBlockStatement': {
        const { name, program: standard } = statement as hbs.AST.PartialBlockStatement;
        return [['block', nameOf(name), toParts(standard, store)]];
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

/** What a preset's file below `blocks/` may be called. */
export const BLOCK_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

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
      case 'PartialBlockStatement': {
        const { name, params, hash, program: standard } = statement as hbs.AST.PartialBlockStatement;
        const { original } = name as hbs.AST.PathExpression;
        if (!BLOCK_NAME.test(original)) fail(`a block is named like dockerfile-runtime, not "${original}"`);
        if (params.length > 0 || hash?.pairs.length) fail(`the block "${original}" takes no arguments`);
        if (depth > 0) fail(`the block "${original}" is inside another block, and not always there to be filled`);
        checkProgram(standard, source, variables, depth + 1);
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
