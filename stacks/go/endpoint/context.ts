import { type Endpoint, FORM_TYPE } from '../../../engine/core/service/endpoint.ts';
import { sampleOf } from '../../../engine/core/service/fields/samples.ts';
import type { Type } from '../../../engine/core/service/fields/type.ts';
import type { RenderContext } from '../../../engine/core/template/template.ts';
import { exported, Identifiers, unexported } from '../print/identifiers.ts';
import { type Code, composite, flat, print } from '../print/layout.ts';
import { quoted } from '../print/text.ts';
import { checkNames } from './names.ts';
import { bareHeaders, rightRequest, wrongRequests } from './request.ts';
import { sampleCode } from './sample.ts';
import { statusCode } from './statuses.ts';
import { bounded } from './tags.ts';
import { type Described, GoTypes } from './types.ts';

/** Wider than any line: what is printed then has one line for each entry. */
const BROKEN = 1000;

/**
 * endpoint -> what its templates may name
 * @throws {RangeError} for names that no tag can have, and where no request can be made that its own schema accepts
 */
export function goEndpoint(endpoint: Endpoint): RenderContext {
  const { route, body, bodyType, response, responseType, status, folder } = endpoint;
  checkNames(endpoint);
  const prefix = unexported(folder);
  const types = new GoTypes(prefix);
  const inputs = inputsOf(endpoint, types);
  const outputs =
    response === undefined ? [] : [types.whole({ type: response, isOptional: false }, responseType, 'Reply')];
  const nested = types.take();
  const input = types.declare('Input', 'is what a request says', inputs);
  const output = types.declare('Output', 'is what it is answered with', outputs);
  const answer = answerOf(endpoint, types, outputs);
  const returned = print(composite(`&${output}`, answer.members), 1, 'return , nil'.length);
  const right = print(rightRequest(endpoint), 1, 'right := '.length);
  const wrongs = wrongRequests(endpoint).map(({ name, change }) => `{${quoted(name)}, ${flat(change)}}`);
  const omitted = body?.isOptional === true ? bareHeaders(endpoint) : '';
  return {
    folder,
    imports: linesOf(['context', 'net/http', ...packagesOf([returned])]),
    testImports: linesOf(['net/http', 'strings', 'testing']),
    operation: print(operationOf(endpoint), 1, BROKEN),
    declarations: [...types.take(), ...nested].map((text) => ({ text })),
    handler: `${prefix}Handler`,
    testName: `Test${exported(folder)}`,
    input,
    output,
    inputName: answer.isEcho ? 'in' : '_',
    answer: returned,
    method: route.method,
    path: route.path,
    status,
    right,
    wrongs: wrongs.map((line) => ({ line })),
    isForm: bodyType === FORM_TYPE,
    omitted,
  };
}

/** The packages of Go's own that code calls. */
function packagesOf(code: readonly string[]): string[] {
  return ['slices', 'strings'].filter((name) => code.some((one) => one.includes(`${name}.Repeat(`)));
}

function linesOf(packages: readonly string[]): { line: string }[] {
  return [...packages].sort().map((name) => ({ line: `"${name}"` }));
}

function inputsOf({ params, query, headers, body, bodyType }: Endpoint, types: GoTypes): Described[] {
  const identifiers = new Identifiers(['Body', 'SchemaOf']);
  const name = (key: string) => identifiers.take(exported(key));
  return [
    ...params.map((field) => types.parameter(name(field.name), field, 'path')),
    ...query.map((field) => types.parameter(name(field.name), bounded(field), 'query')),
    ...headers.map((field) => types.parameter(name(field.name), field, 'header')),
    ...(body ? [types.whole({ ...body, type: formOf(body.type, bodyType) }, bodyType, 'Body')] : []),
  ];
}

/** Lists of a form are bounded as those of a query are. */
function formOf(type: Type, bodyType: string): Type {
  return bodyType === FORM_TYPE && type.kind === 'object' ? { ...type, fields: type.fields.map(bounded) } : type;
}

function operationOf({ route, summary, status, errors }: Endpoint): Code {
  const method = `${route.method.charAt(0)}${route.method.slice(1).toLowerCase()}`;
  return composite('huma.Operation', [
    ['Method', `http.Method${method}`],
    ['Path', quoted(route.path.replace(/:(\w+)/g, '{$1}'))],
    ...(summary === '' ? [] : [['Summary', quoted(summary)] as const]),
    ['Tags', `[]string{${quoted(tagOf(route.path))}}`],
    ['DefaultStatus', statusCode(status)],
    ...(errors.length === 0 ? [] : [['Errors', `[]int{${errors.map(statusCode).join(', ')}}`] as const]),
  ]);
}

function tagOf(path: string): string {
  return path.split('/').find((segment) => segment !== '' && !segment.startsWith(':')) ?? 'root';
}

/** What the example answers: what the body says of a member, or a sample that the schema accepts. */
function answerOf({ body, response, bodyType }: Endpoint, types: GoTypes, [output]: readonly Described[]) {
  if (response === undefined || output === undefined) return { members: [], isEcho: false };
  const whole = sampleCode(response, sampleOf(response, 'json'), output.field.type, types);
  const members = (code: Code) => [['Body', code] as const];
  const struct = types.structOf(response);
  const given =
    body && !body.isOptional && !body.type.isNullable ? types.structOf(formOf(body.type, bodyType)) : undefined;
  if (response.kind !== 'object' || response.isNullable || !struct || !given || typeof whole === 'string')
    return { members: members(whole), isEcho: false };
  const bodyFields = body?.type.kind === 'object' ? body.type.fields : [];
  const known = new Map(bodyFields.map((field) => [JSON.stringify(field), given.fields.get(field.name)]));
  let isEcho = false;
  const fields = new Map(response.fields.map((field) => [struct.fields.get(field.name)?.field, field]));
  const entries = whole.entries.map((entry) => {
    const field = fields.get(entry.key);
    const same = known.get(JSON.stringify(field));
    if (field === undefined || same === undefined || same.type !== struct.fields.get(field.name)?.type) return entry;
    isEcho = true;
    return { ...entry, value: `in.Body.${same.field}` };
  });
  return { members: members({ ...whole, entries }), isEcho };
}
