import type { Question } from '../../engine/core/question.ts';
import { refuseDevice } from '../../engine/core/service/addition-name.ts';
import { HEADER_NAME } from '../../engine/core/service/fields/names.ts';
import { parseField, parsePart } from '../../engine/core/service/fields/parse.ts';
import { parseRoute } from '../../engine/core/service/route.ts';

/** One field for each value. */
function fields(name: string, message: string, asked: boolean, check: (text: string) => unknown): Question {
  return {
    name,
    message,
    asked,
    schema: { type: 'array', items: { type: 'string', maxLength: 100_000 } },
    default: [],
    check: (text) => void check(text),
  };
}

const named = (text: string) => parseField(text);

export const ENDPOINT_QUESTIONS: readonly Question[] = [
  {
    name: 'route',
    message: 'Method and path, e.g. POST /orders/:orderId/items',
    asked: true,
    schema: { type: 'string', maxLength: 220 },
    check: (text) => void parseRoute(text),
  },
  fields('param', 'Type of a path parameter, e.g. orderId:uuid', false, named),
  fields('query', 'Query field, e.g. limit:int>0<=100?', true, named),
  fields('header', 'Header field, e.g. x-tenant:string', false, (text) => parseField(text, HEADER_NAME)),
  fields('body', 'Body field, e.g. quantity:int>0', true, (text) => parsePart(text)),
  fields('response', 'Response field, e.g. id:uuid', true, (text) => parsePart(text)),
  {
    name: 'body-type',
    message: 'Media type of the body; by default JSON. A form has named fields, text is written :string',
    asked: false,
    form: 'application/...+json, application/x-www-form-urlencoded or text/plain',
    schema: {
      type: 'string',
      maxLength: 100,
      pattern: '^$|^application/[a-z0-9][a-z0-9.-]*\\+json$|^application/x-www-form-urlencoded$|^text/plain$',
    },
    default: '',
  },
  {
    name: 'response-type',
    message: 'Media type of the response; by default JSON. Text is written :string',
    asked: false,
    form: 'application/...+json, or text/...',
    schema: {
      type: 'string',
      maxLength: 100,
      pattern: '^$|^application/[a-z0-9][a-z0-9.-]*\\+json$|^text/[a-z0-9][a-z0-9.+-]*$',
    },
    default: '',
  },
  {
    name: 'error',
    message: 'A status that it fails with, e.g. 409',
    asked: false,
    schema: { type: 'array', items: { type: 'string', maxLength: 3 } },
    default: [],
    check: (text) => {
      if (!/^[45]\d\d$/.test(text)) throw new RangeError(`must be a status from 400 to 599, not "${text}"`);
    },
  },
  {
    name: 'status',
    message: 'Status of success; by default 201 for POST, 200, or 204 without a response',
    asked: false,
    schema: { type: 'string', enum: ['200', '201', '202', '204', ''] },
    default: '',
  },
  {
    name: 'summary',
    message: 'What it does, in one line',
    asked: false,
    schema: { type: 'string', maxLength: 200 },
    default: '',
  },
  {
    name: 'from',
    message: 'An OpenAPI document: every operation of it that the service lacks is added',
    asked: false,
    schema: { type: 'string', maxLength: 1000 },
    value: 'FILE',
    default: '',
  },
  {
    name: 'folder',
    check: refuseDevice,
    message: 'Folder name (default: made from the path)',
    asked: false,
    form: 'lower case words, e.g. order-items',
    schema: { type: 'string', maxLength: 100, pattern: '^$|^[a-z][a-z0-9]*(-[a-z0-9]+)*$' },
    default: '',
  },
];
