import type { Question } from '../../engine/core/question.ts';
import { nameQuestion, refuseDevice } from '../../engine/core/service/addition-name.ts';
import { checkColumn } from '../../engine/core/service/columns.ts';
import { parseField } from '../../engine/core/service/fields/parse.ts';

export const RESOURCE_QUESTIONS: readonly Question[] = [
  nameQuestion('One of what is stored', 'invoice', [], 40),
  {
    name: 'field',
    message: 'Field, e.g. number:string:unique',
    asked: true,
    schema: { type: 'array', items: { type: 'string', maxLength: 2000 } },
    check: (text) => void checkColumn(parseField(text)),
  },
  {
    name: 'plural',
    check: refuseDevice,
    message: 'Plural, used in the path (default: made from the name)',
    asked: false,
    form: 'lower case words joined by "-", e.g. invoices',
    schema: { type: 'string', maxLength: 45, pattern: '^$|^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$' },
    default: '',
  },
];
