import { parseAnswers } from '../../engine/core/question.ts';
import { toEndpoint } from '../../engine/core/service/endpoint.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import type { Growth } from '../grow.ts';
import { addEndpoint } from './plan.ts';
import { ENDPOINT_QUESTIONS } from './questions.ts';

/** Every list of a template has something in it. */
const SAMPLE = {
  route: 'POST /sample/:a',
  query: ['b:int'],
  header: ['c:int'],
  body: [`d:enum(${Array.from({ length: 20 }, (_, index) => `value-${index}`).join(',')})`],
  response: ['e:int'],
  error: ['404'],
};

export const ENDPOINT: Growth = {
  generator: 'add-endpoint',
  questions: ENDPOINT_QUESTIONS,
  template: 'endpoint',
  variables: ({ endpoint }) => variablesOf(endpoint(toEndpoint(parseAnswers(ENDPOINT_QUESTIONS, SAMPLE, '')))),
  example:
    'npx create-twelve-service add-endpoint "POST /orders/:orderId/items" --body quantity:int --response id:uuid',
  propose: async (request) => ({ additions: [await addEndpoint(request)] }),
};
