import { type Endpoint, FORM_TYPE, JSON_TYPE } from '../../../engine/core/service/endpoint.ts';
import { type Place, type Sample, sampleObject, sampleOf } from '../../../engine/core/service/fields/samples.ts';
import type { Field } from '../../../engine/core/service/fields/type.ts';
import { type Wrong, wrongOther, wrongValues, wrongWhole } from '../../../engine/core/service/fields/wrong.ts';
import { type Code, call, dictOf, spread } from '../print/layout.ts';
import { quoted, textCode } from '../print/text.ts';
import { jsonCode } from './sample.ts';

/** Longer texts do not fit into a request line, so no test sends them. */
const MAX_TEXT = 2000;

/** Headers that the client of a test sends by itself. */
const SENT_ANYWAY = new Set(['accept', 'accept-encoding', 'user-agent']);

type Members = { readonly [name: string]: Sample };
type Entry = readonly [key: string, value: Code];

/** A request that has to be refused: a part of it differs from the right one. */
interface WrongRequest {
  readonly name: string;
  readonly change: Code;
}

/** The right request, as the client of a test takes it. */
export function rightRequest(endpoint: Endpoint): Code {
  const { route, params, query } = endpoint;
  const headers = headersOf(endpoint);
  return dictOf([
    ['"method"', quoted(route.method)],
    ['"url"', textCode(urlOf(endpoint, sampleObject(params, 'text')))],
    ...(query.length > 0 ? [['"params"', jsonCode(sampleObject(query, 'text'))] as const] : []),
    ...(Object.keys(headers).length > 0 ? [['"headers"', jsonCode(headers)] as const] : []),
    ...bodyOf(endpoint),
  ]);
}

/** What a request without a body leaves out. */
export function omittedParts(endpoint: Endpoint): string {
  const parts = [...bodyOf(endpoint).map(([key]) => key), ...(contentTypeOf(endpoint) ? ['"headers"'] : [])];
  return parts.join(', ');
}

/** The headers of a request without a body, where they differ. */
export function bareHeaders(endpoint: Endpoint): Code {
  return jsonCode(sampleObject(endpoint.headers, 'text'));
}

export function wrongRequests(endpoint: Endpoint): WrongRequest[] {
  const { params, query, headers } = endpoint;
  const inPath = sampleObject(params, 'text');
  const inText = (fields: readonly Field[], part: string, word: string) =>
    wrongValues(fields, 'text')
      .filter(({ value }) => String(value).length <= MAX_TEXT)
      .filter(({ name, value }) => value !== undefined || part !== 'headers' || !SENT_ANYWAY.has(name))
      .map((wrong) => ({ name: `${wrong.reason} in the ${word}`, change: changed(part, wrong) }));
  return [
    ...wrongValues(params, 'text')
      // An empty value makes another path, and one that is too long is not sent either.
      .filter(({ value }) => value !== undefined && value !== '' && String(value).length <= 100)
      .map(({ name, value = '', reason }) => ({
        name: `${reason} in the path`,
        change: dictOf([['"url"', textCode(urlOf(endpoint, { ...inPath, [name]: value }))]]),
      })),
    ...inText(query, 'params', 'query'),
    ...inText(headers, 'headers', 'headers'),
    ...wrongBodies(endpoint),
  ];
}

function wrongBodies(endpoint: Endpoint): WrongRequest[] {
  const { body, bodyType } = endpoint;
  if (body === undefined || bodyType.startsWith('text/')) return [];
  const { type } = body;
  if (type.kind !== 'object') {
    const value = wrongWhole(type, [true, 1, 'text', [], {}]);
    if (value === undefined) return [];
    // What is sent as text cannot be replaced by JSON.
    const isText = bodyOf(endpoint).some(([key]) => key === '"content"');
    const parts: Entry[] = isText ? [['"content"', quoted(JSON.stringify(value))]] : partsOf(endpoint, value);
    return [{ name: 'another body', change: dictOf(parts) }];
  }
  const place = placeOf(bodyType);
  const other = wrongOther(type);
  return [...wrongValues(type.fields, place), ...(other ? [other] : [])]
    .filter(({ value }) => place === 'json' || String(value).length <= MAX_TEXT)
    .map((wrong) => ({ name: wrong.reason, change: changed(place === 'json' ? 'json' : 'data', wrong) }));
}

/** A part of the right request with one of its members wrong, or missing. */
function changed(part: string, { name, value }: Wrong): Code {
  const right = `RIGHT[${quoted(part)}]`;
  const members: Code =
    value === undefined
      ? call('without', [
          ['', right],
          ['', quoted(name)],
        ])
      : spread(right, [[quoted(name), jsonCode(value)]]);
  return dictOf([[quoted(part), members]]);
}

function placeOf(bodyType: string): Place {
  return bodyType === FORM_TYPE ? 'text' : 'json';
}

function headersOf(endpoint: Endpoint): Members {
  const own = sampleObject(endpoint.headers, 'text');
  const contentType = contentTypeOf(endpoint);
  return contentType === undefined ? own : { ...own, 'content-type': contentType };
}

/** The content type that a request has to name, where the client does not say it by itself. */
function contentTypeOf({ body, bodyType }: Endpoint): string | undefined {
  if (body === undefined || bodyType === FORM_TYPE) return undefined;
  return bodyType === JSON_TYPE && sampleOf(body.type, 'json') !== null ? undefined : bodyType;
}

function urlOf({ route }: Endpoint, params: Members): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function bodyOf(endpoint: Endpoint): Entry[] {
  const { body, bodyType } = endpoint;
  return body === undefined ? [] : partsOf(endpoint, sampleOf(body.type, placeOf(bodyType)));
}

/** A body: as JSON, as the members of a form, or as it is. */
function partsOf({ bodyType }: Endpoint, value: Sample): Entry[] {
  if (bodyType === FORM_TYPE) return [['"data"', jsonCode(value)]];
  if (bodyType.startsWith('text/')) return [['"content"', textCode(String(value))]];
  // The client sends no body for None.
  return value === null ? [['"content"', '"null"']] : [['"json"', jsonCode(value)]];
}
