import Handlebars from 'handlebars';
import { HELPERS } from './helpers.ts';
import { type Part, renderParts } from './program.ts';
import { type RenderFunction, type TemplateVariables, type TraceFunction, templateError } from './template.ts';
import { traceParts } from './trace.ts';

/**
 * The compiler of the template language. The published package does not load it for its own templates, which are
 * compiled when it is built; templates from elsewhere come through here.
 *
 * The language is a small part of Handlebars: variables by name, the helpers of `helpers.ts`, `if` and `unless` on one
 * variable, `each` over one list of flat records, and named blocks that a preset may fill (`{{#> name}}default{{/name}}`).
 * An `each` in an `each`, lookups, partials and paths are refused here, so a template cannot run long or reach a prototype.
 */

/**
 * Compiles one template file.
 * @param source where the text stands, for messages
 * @param variables the names that a template may use
 * @throws {UserError} TEMPLATE_BROKEN with file and line
 */
export function compileTemplate(text: string, source: string, variables: TemplateVariables): RenderFunction {
  return compileTraced(text, source, variables).render;
}

/**
 * The same, with a function that says which line came from where.
 * @throws {UserError} TEMPLATE_BROKEN with file and line
 */
export function compileTraced(
  text: string,
  source: string,
  variables: TemplateVariables,
): { readonly render: RenderFunction; readonly trace: TraceFunction } {
  const parts = precompileTemplate(text, source, variables);
  const bytes = Buffer.from(text);
  return {
    render: (context, blocks) => renderParts(parts, bytes, context, blocks),
    trace: (context, blocks) => traceParts(parts, bytes, context, blocks),
  };
}

/**
 * Compiles to data, as the package ships it. Its texts are slices of the template's own.
 * @param start where the template's text begins in the bytes that the slices are of
 * @throws {UserError} TEMPLATE_BROKEN with file and line
 */
export function precompileTemplate(text: string, source: string, variables: TemplateVariables, start = 0): Part[] {
  checkLanguage(text, source, variables);
  let [from, bytes] = [0, start];
  const move = (to: number): number => {
    bytes += Buffer.byteLength(text.slice(from, to));
    from = to;
    return bytes;
  };
  // White space around a tag may be left out, so a piece is looked for behind the last one.
  return toParts(Handlebars.parse(text), (piece, { line, column }) => {
    const at = text.indexOf(piece, Math.max(from, offsetOf(text, line, column)));
    return [move(at), move(at + piece.length)];
  });
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let one = 1; one < line; one += 1) start = text.indexOf('\n', start) + 1;
  return start + column;
}

/** Finds a piece of text at or behind a place, and says where it is. */
type Find = (piece: string, place: { line: number; column: number }) => readonly [start: number, end: number];

function toParts(program: hbs.AST.Program | undefined, find: Find): Part[] {
  const nameOf = (expression: unknown): string => (expression as hbs.AST.PathExpression).original;
  return (program?.body ?? []).flatMap((statement): Part[] => {
    switch (statement.type) {
      case 'ContentStatement': {
        const { value } = statement as hbs.AST.ContentStatement;
        return value === '' ? [] : [find(value, statement.loc.start)];
      }
      case 'MustacheStatement': {
        const { path, params } = statement as hbs.AST.MustacheStatement;
        return params.length === 0 ? [[nameOf(path)]] : [[nameOf(path), nameOf(params[0])]];
      }
      case 'BlockStatement': {
        const { path, params, program: then, inverse } = statement as hbs.AST.BlockStatement;
        const name = nameOf(params[0]);
        if (path.original === 'each') return [['each', name, statement.loc.start.line, toParts(then, find)]];
        const block = path.original === 'if' ? 'if' : 'unless';
        return [[block, name, toParts(then, find), toParts(inverse, find)]];
      }
      case 'PartialBlockStatement': {
        const { name, program: standard } = statement as hbs.AST.PartialBlockStatement;
        return [['block', nameOf(name), toParts(standard, find)]];
      }
      default:
        return []; // A comment; checkLanguage let nothing else through.
    }
  });
}

function checkLanguage(text: string, source: string, variables: TemplateVariables): void {
  const workflow = text.split('\n').findIndex((line) => /\$\{\{/.test(line));
  if (workflow !== -1)
    throw templateError(
      'TEMPLATE_BROKEN',
      `${source}:${workflow + 1}`,
      '"${{" is eaten by Handlebars; write "$\\{{", or ship the file without .hbs',
    );
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parseWithoutProcessing(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const line = (error as { lineNumber?: number }).lineNumber ?? /line (\d+)/i.exec(reason)?.[1] ?? 1;
    throw templateError('TEMPLATE_BROKEN', `${source}:${line}`, reason.replace(/\s+/g, ' '), error);
  }
  checkProgram(program, { source, variables, depth: 0 });
}

/** What a preset's file below `blocks/` may be called. */
const BLOCK_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** More is a template that nobody can read, and far more would overflow the stack. */
const MAX_DEPTH = 32;

/** Where a part of a template stands. */
interface Place {
  readonly source: string;
  readonly variables: TemplateVariables;
  /** The list whose `each` is around it. */
  readonly list?: string;
  /** How many blocks are around it. */
  readonly depth: number;
}

function checkProgram(program: hbs.AST.Program | undefined, place: Place): void {
  for (const statement of program?.body ?? []) checkStatement(statement, place);
}

function checkStatement(statement: hbs.AST.Statement, place: Place): void {
  const fail = (reason: string): never => {
    throw templateError('TEMPLATE_BROKEN', `${place.source}:${statement.loc.start.line}`, reason);
  };
  switch (statement.type) {
    case 'ContentStatement':
    case 'CommentStatement':
      break;
    case 'MustacheStatement': {
      const { path, params, hash } = statement as hbs.AST.MustacheStatement;
      const name = (path as hbs.AST.PathExpression).original;
      if (hash?.pairs.length) fail(`"${name}" takes no named arguments`);
      if (params.length === 0) checkValue(path, place, fail);
      else if (!Object.hasOwn(HELPERS, name))
        fail(`there is no helper "${name}"; there are ${Object.keys(HELPERS).join(', ')}`);
      else if (params.length !== 1) fail(`the helper "${name}" takes one variable`);
      else checkValue(params[0], place, fail);
      break;
    }
    case 'BlockStatement':
      checkBlock(statement as hbs.AST.BlockStatement, place, fail);
      break;
    case 'PartialBlockStatement': {
      const { name, params, hash, program: standard } = statement as hbs.AST.PartialBlockStatement;
      const { original } = name as hbs.AST.PathExpression;
      if (!BLOCK_NAME.test(original)) fail(`a block is named like dockerfile-runtime, not "${original}"`);
      if (params.length > 0 || hash?.pairs.length) fail(`the block "${original}" takes no arguments`);
      if (place.depth > 0) fail(`the block "${original}" is inside another block, and not always there to be filled`);
      checkProgram(standard, { ...place, depth: place.depth + 1 });
      break;
    }
    default:
      fail(`${statement.type.replace(/Statement$/, '').toLowerCase()} is not part of the template language`);
  }
}

/** `if`, `unless` and `each`. */
function checkBlock(
  { path, params, hash, program: then, inverse }: hbs.AST.BlockStatement,
  place: Place,
  fail: (reason: string) => never,
): void {
  const name = path.original;
  if (name !== 'if' && name !== 'unless' && name !== 'each')
    fail(`the block "${name}" is not allowed; only if, unless and each are`);
  if (params.length !== 1) fail(`"${name}" takes one variable`);
  if (hash?.pairs.length || then?.blockParams?.length || inverse?.blockParams?.length)
    fail(`"${name}" takes no named arguments, and names nothing with "as"`);
  const variable = checkVariable(params[0], place, fail);
  if (place.depth === MAX_DEPTH) fail(`blocks are nested more than ${MAX_DEPTH} deep`);
  const inside = { ...place, depth: place.depth + 1 };
  if (name !== 'each') {
    checkProgram(then, inside);
    checkProgram(inverse, inside);
    return;
  }
  if (inverse) fail(`"each" has no else; put it into {{#if ${variable}}}`);
  if (place.list !== undefined) fail(`"each" is inside the "each" of "${place.list}"`);
  const fields = place.variables.get(variable) ?? fail(`"${variable}" is not a list`);
  const hidden = [...fields].find((field) => place.variables.has(field));
  if (hidden !== undefined) fail(`a record of "${variable}" would hide the variable "${hidden}"`);
  const variables = new Map([...place.variables, ...[...fields, '@last'].map((field) => [field, undefined] as const)]);
  checkProgram(then, { ...inside, variables, list: variable });
}

/** @returns the name of the variable */
function checkVariable(expression: unknown, { variables }: Place, fail: (reason: string) => never): string {
  const path = expression as hbs.AST.PathExpression;
  if (path.type !== 'PathExpression') fail(`${path.type} is not a variable`);
  const isKnown = variables.has(path.original);
  if (path.depth > 0 || path.parts.length !== 1 || (path.data && !isKnown))
    fail(`"${path.original}" is a path; only plain names are allowed`);
  if (!isKnown) fail(`there is no variable "${path.original}"; there are ${[...variables.keys()].sort().join(', ')}`);
  return path.original;
}

/** A variable that is written, so it is no list. */
function checkValue(expression: unknown, place: Place, fail: (reason: string) => never): void {
  const name = checkVariable(expression, place, fail);
  if (place.variables.get(name)) fail(`"${name}" is a list; only if, unless and each take one`);
}
