import { type Endpoint, FORM_TYPE, JSON_TYPE } from '../../../engine/core/service/endpoint.ts';
import { sampleOf } from '../../../engine/core/service/fields/samples.ts';
import type { RenderContext } from '../../../engine/core/template/template.ts';
import { featureModule } from '../feature.ts';
import { className, Identifiers } from '../print/identifiers.ts';
import { type Code, call, flat, print } from '../print/layout.ts';
import { quoted } from '../print/text.ts';
import { importCode, importsOf } from './imports.ts';
import { argumentsOf } from './parameters.ts';
import { omittedParts, rightRequest, wrongRequests } from './request.ts';
import { sampleCode } from './sample.ts';
import { PythonTypes, printType } from './types.ts';

/**
 * endpoint -> what its templates may name
 * @throws {RangeError} where no request can be made that its own schema accepts
 */
export function pythonEndpoint(endpoint: Endpoint): RenderContext {
  const { route, body, bodyType, response, responseType, status, folder } = endpoint;
  const prefix = className(folder);
  const names = new Identifiers();
  const inputs = new PythonTypes(names, 'Input', bodyType === FORM_TYPE ? 'text' : 'json');
  const bodyName = body ? inputs.whole(body.type, `${prefix}Body`) : '';
  const outputs = new PythonTypes(names, 'Output');
  const replyName = response ? outputs.whole(response, `${prefix}Reply`) : 'None';
  const mediaClass = response && responseType !== JSON_TYPE ? names.take(`${prefix}Response`) : '';
  const declarations = [
    ...inputs.declarations,
    ...outputs.declarations,
    ...(mediaClass === '' ? [] : [mediaCode(mediaClass, responseType)]),
  ];
  const decorator = print(decoratorOf(endpoint, mediaClass, outputs), 0);
  const signature = signatureOf(endpoint, bodyName, replyName);
  const answer = response
    ? `return ${print(castTo(replyName, answerOf(endpoint, inputs, outputs)), 1, 'return '.length)}`
    : 'pass';
  const code = ['Router', ...declarations, decorator, signature, answer].join('\n');
  const right = print(rightRequest(endpoint), 0, 'RIGHT: dict[str, Any] = '.length);
  const wrongs = wrongRequests(endpoint).map(({ name, change }) => print(paramCode(name, change), 2, 1));
  const omitted = body?.isOptional === true ? omittedParts(endpoint) : '';
  const isForm = bodyType === FORM_TYPE;
  const moduleName = featureModule(folder);
  const helpers = [
    ...(response ? ['is_promised'] : []),
    'is_refused',
    ...(omitted !== '' || isForm || wrongs.some((wrong) => wrong.includes('without(')) ? ['without'] : []),
  ];
  return {
    folder,
    module: moduleName,
    imports: importsOf(code).map((line) => ({ line })),
    tag: quoted(tagOf(route.path)),
    declarations: declarations.map((text) => ({ text })),
    decorator,
    signature,
    answer,
    method: route.method,
    path: route.path,
    status,
    replyName: response ? replyName : '',
    isText: responseType.startsWith('text/'),
    testImports: [
      ...(response ? [importCode(`service.features.${moduleName}`, [replyName])] : []),
      'from service.testing import Service',
      importCode('service.testing.requests', helpers),
    ].map((line) => ({ line })),
    right,
    wrongs: wrongs.map((line) => ({ line })),
    isForm,
    omitted,
  };
}

function tagOf(path: string): string {
  return path.split('/').find((segment) => segment !== '' && !segment.startsWith(':')) ?? 'root';
}

/** The class of an answer that is not plain JSON. */
function mediaCode(name: string, mediaType: string): string {
  const base = mediaType.startsWith('text/') ? 'PlainTextResponse' : 'JSONResponse';
  return `class ${name}(${base}):\n    media_type = ${quoted(mediaType)}`;
}

function decoratorOf(
  { route, status, summary, errors, response }: Endpoint,
  mediaClass: string,
  outputs: PythonTypes,
): Code {
  const path = route.path.replace(/:(\w+)/g, '{$1}');
  const args: (readonly [string, Code])[] = [['', quoted(path)]];
  if (status !== 200) args.push(['status_code', String(status)]);
  if (summary !== '') args.push(['summary', quoted(summary)]);
  if (errors.length > 0)
    args.push([
      'responses',
      call(
        'problems',
        errors.map((error) => ['', error]),
      ),
    ]);
  // An answer without a body has no content type.
  const responseClass = response === undefined ? 'Response' : mediaClass;
  if (responseClass !== '') args.push(['response_class', responseClass]);
  // What may be absent is not sent where nothing was said of it.
  if (outputs.hasOptional) args.push(['response_model_exclude_unset', 'True']);
  return call(`@router.${route.method.toLowerCase()}`, args);
}

function signatureOf(endpoint: Endpoint, bodyName: string, replyName: string): string {
  const parts = argumentsOf(endpoint, bodyName).map(({ name, type, isOptional }) => ({
    name,
    tail: isOptional ? ' = None' : '',
    type,
  }));
  const entries = parts.map(({ name, type, tail }) => `${name}: ${flat(type)}${tail}`);
  const whole = print(
    call(
      'async def answer',
      entries.map((entry) => ['', entry]),
    ),
    0,
    ` -> ${replyName}:`.length,
  );
  if (!whole.includes('\n')) return `${whole} -> ${replyName}:`;
  const lines = parts.map(
    ({ name, type, tail }) => `    ${name}: ${printType(type, 1, name.length + 3 + tail.length)}${tail},\n`,
  );
  return `async def answer(\n${lines.join('')}) -> ${replyName}:`;
}

/** What the example answers: what the body says of a member, or a sample that the schema accepts. */
function answerOf({ body, response }: Endpoint, inputs: PythonTypes, outputs: PythonTypes): Code {
  if (response === undefined) return 'None';
  const whole = sampleCode(response, sampleOf(response, 'json'), outputs);
  const given =
    body && !body.isOptional && !body.type.isNullable && body.type.kind === 'object' ? body.type : undefined;
  if (typeof whole === 'string' || whole.kind !== 'bracketed' || response.kind !== 'object' || !given) return whole;
  const [own, its] = [outputs.classOf(response), inputs.classOf(given)];
  if (!own || !its) return whole;
  const known = new Map(
    given.fields.filter(({ isOptional }) => !isOptional).map((field) => [JSON.stringify(field), field.name]),
  );
  const entries = whole.entries.map((entry) => {
    const field = response.fields.find(({ name }) => entry.before === `${own.attributes.get(name)}=`);
    const name = field && known.get(JSON.stringify(field));
    // A class of a request is no class of an answer.
    if (field === undefined || name === undefined || /"kind":"object"/.test(JSON.stringify(field))) return entry;
    return { ...entry, value: `body.${its.attributes.get(name)}` };
  });
  return { ...whole, entries };
}

/** What a value was said to be any type for is a whole answer. */
function castTo(type: string, code: Code): Code {
  if (typeof code === 'string' || code.kind !== 'bracketed' || code.head !== 'cast(') return code;
  const [, ...value] = code.entries;
  return { ...code, entries: [{ before: '', value: type }, ...value] };
}

function paramCode(name: string, change: Code): Code {
  return call('pytest.param', [
    ['', change],
    ['id', quoted(name)],
  ]);
}
