import type { Question } from '../../engine/core/question.ts';
import { refuseDevice } from '../../engine/core/service/addition-name.ts';
import { LIST_RESPONSE } from '../../engine/core/service/endpoint.ts';
import { HEADER_NAME, MEMBER_NAME, parseField } from '../../engine/core/service/field.ts';
import { parseRoute } from '../../engine/core/service/route.ts';

/** One field for each value. A response may be `[]:type` instead: a list whose items have that type. */
function fields(name: string, message: string, asked: boolean, names: RegExp = MEMBER_NAME): Question {
  return {
    name,
    message,
    asked,
    schema: { type: 'array', items: { type: 'string', maxLength: 20_000 } },
    default: [],
    check: (text, rule) =>
      void parseField(name === 'response' ? text.replace(LIST_RESPONSE, 'items:') : text, names, rule),
  };
}

export const ENDPOINT_QUESTIONS: readonly Question[] = [
  {
    name: 'route',
    message: 'Method and path, e.g. POST /orders/:orderId/items',
    asked: true,
    schema: { type: 'string', maxLength: 220 },
    check: (text, rule) => void parseRoute(text, rule),
  },
  fields('param', 'Type of a path parameter, e.g. orderId:uuid', false),
  fields('query', 'Query field, e.g. limit:int>0<=100?', true),
  fields('header', 'Header field, e.g. x-tenant:string', false, HEADER_NAME),
  fields('body', 'Body field, e.g. quantity:int>0', true),
  fields('response', 'Response field, e.g. id:uuid', true),
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
