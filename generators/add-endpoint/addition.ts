import { UserError } from '../../engine/core/errors.ts';
import { parseAnswers } from '../../engine/core/question.ts';
import { toEndpoint } from '../../engine/core/service/endpoint.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import type { AdditionCode } from '../generator.ts';
import { addFromDocument } from './from-document.ts';
import { addEndpoint } from './plan.ts';
import { ENDPOINT_QUESTIONS } from './questions.ts';

/** One endpoint from flags, or with `--from` every operation of an OpenAPI document that the service lacks. */
export const ENDPOINT: AdditionCode = {
  variables: ({ endpoint }) => {
    const answers = parseAnswers(ENDPOINT_QUESTIONS, { route: 'GET /sample' }, '');
    return variablesOf(endpoint(toEndpoint(answers)));
  },
  questionsFor: ({ from, ...others }) => {
    if (from === undefined || from === '') return ENDPOINT_QUESTIONS;
    const [other] = Object.keys(others);
    if (other !== undefined)
      throw new UserError('INPUT_INVALID', `--from cannot be combined with --${other}`, 'Remove one of the two.');
    return ENDPOINT_QUESTIONS.filter(({ name }) => name === 'from');
  },
  make: async (request) =>
    request.answers.from === '' ? { additions: [await addEndpoint(request)] } : addFromDocument(request),
};
