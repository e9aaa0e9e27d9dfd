import { UserError } from '../../engine/core/errors.ts';
import { parseAnswers } from '../../engine/core/question.ts';
import { toEndpoint } from '../../engine/core/service/endpoint.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import type { AdditionCode } from '../generator.ts';
import { addEndpoint } from './plan.ts';
import { ENDPOINT_QUESTIONS } from './questions.ts';

/** Each list of the template has at least one record. */
const SAMPLE = {
  route: 'POST /sample/:a',
  query: ['b:int'],
  header: ['c:int'],
  body: [`d:enum(${Array.from({ length: 20 }, (_, index) => `value-${index}`).join(',')})`],
  response: ['e:int'],
  error: ['404'],
};

/** One endpoint from flags, or with `--from` every operation of an OpenAPI document that the service lacks. */
export const ENDPOINT: AdditionCode = {
  variables: ({ endpoint }) => variablesOf(endpoint(toEndpoint(parseAnswers(ENDPOINT_QUESTIONS, SAMPLE, '')))),
  questionsFor: ({ from, ...others }) => {
    if (from === undefined || from === '') return ENDPOINT_QUESTIONS;
    const [other] = Object.keys(others);
    if (other !== undefined)
      throw new UserError('INPUT_INVALID', `--from cannot be combined with --${other}`, 'Remove one of the two.');
    return ENDPOINT_QUESTIONS.filter(({ name }) => name === 'from');
  },
  make: async (request) => {
    if (request.answers.from === '') return { additions: [await addEndpoint(request)] };
    const { addFromDocument } = await import('./from-document.ts');
    return addFromDocument(request);
  },
};
