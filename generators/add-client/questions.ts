import type { Question } from '../../engine/core/question.ts';
import { nameQuestion } from '../../engine/core/service/addition-name.ts';

export const CLIENT_QUESTIONS: readonly Question[] = [
  nameQuestion('The service that is called', 'payments'),
  {
    name: 'baseUrlEnv',
    message: 'Variable with its URL; by default from the name, e.g. PAYMENTS_URL',
    asked: false,
    form: 'an upper case name that ends in _URL, e.g. PAYMENTS_URL',
    schema: { type: 'string', maxLength: 60, pattern: '^$|^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*_URL$' },
    default: '',
  },
];
