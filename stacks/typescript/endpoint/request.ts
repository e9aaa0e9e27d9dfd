import { type Endpoint, FORM_TYPE, JSON_TYPE } from '../../../engine/core/service/endpoint.ts';
import { type Sample, sampleObject, sampleOf } from '../../../engine/core/service/fields/samples.ts';
import { type Code, chain, fixed, type Member, name, object, text } from '../print/code.ts';
import { sampleCode } from './sample.ts';

/** The right request, as a test sends it. */
export function requestCode(endpoint: Endpoint): Code {
  const { route, params, query } = endpoint;
  const sent = sentHeaders(endpoint);
  const members: Member[] = [
    ['method', fixed(text(route.method))],
    ['url', text(urlOf(endpoint, sampleObject(params, 'text')))],
    ...(query.length > 0 ? [['query', sampleCode(sampleObject(query, 'text'))] as const] : []),
    ...(Object.keys(sent).length > 0 ? [['headers', sampleCode(sent)] as const] : []),
    ...payloadOf(endpoint),
  ];
  return object(members, 'lines');
}

export function sentHeaders(endpoint: Endpoint): { readonly [name: string]: Sample } {
  const contentType = contentTypeOf(endpoint);
  const own = sampleObject(endpoint.headers, 'text');
  return contentType === undefined ? own : { ...own, 'content-type': contentType };
}

/** The path with values in it. */
export function urlOf({ route }: Endpoint, params: { readonly [name: string]: Sample }): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

/** A body as it is sent: an object and a list are JSON by themselves. */
export function payloadCode({ bodyType }: Pick<Endpoint, 'bodyType'>, value: Sample): Code {
  if (bodyType === FORM_TYPE) return text(formOf(value as { readonly [name: string]: Sample }));
  const code = sampleCode(value);
  if (bodyType.startsWith('text/')) return code;
  return typeof value === 'object' && value !== null ? code : chain(name('JSON'), 'stringify', [code]);
}

/** A form: a list is several members of one name. */
export function formOf(members: { readonly [name: string]: Sample }): string {
  const pairs = Object.entries(members).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(pairs).toString();
}

function payloadOf(endpoint: Endpoint): Member[] {
  const { body, bodyType } = endpoint;
  if (body === undefined) return [];
  const value = sampleOf(body.type, bodyType === FORM_TYPE ? 'text' : 'json');
  return [['payload', payloadCode(endpoint, value)]];
}

/** The content type that a request has to name, where it is not that of an object in JSON. */
export function contentTypeOf({ body, bodyType }: Endpoint): string | undefined {
  if (body === undefined) return undefined;
  if (bodyType !== JSON_TYPE) return bodyType;
  const value = sampleOf(body.type, 'json');
  return typeof value === 'object' && value !== null ? undefined : JSON_TYPE;
}
