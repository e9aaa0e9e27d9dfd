import { parseAnswers } from '../../engine/core/question.ts';
import { toEndpoint } from '../../engine/core/service/endpoint.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import type { Growth } from '../grow.ts';
import { addEndpoint } from './plan.ts';
import { ENDPOINT_QUESTIONS } from './questions.ts';

export const ENDPOINT: Growth = {
  generator: 'add-endpoint',
  questions: ENDPOINT_QUESTIONS,
  template: 'endpoint',
  variables: ({ endpoint }) => {
    const answers = parseAnswers(ENDPOINT_QUESTIONS, { route: 'GET /sample' }, '');
    return variablesOf(endpoint(toEndpoint(answers)));
  },
  example:
    'npx create-twelve-service add-endpoint "POST /orders/:orderId/items" --body quantity:int --response id:uuid',
  propose: async (request) => ({ additions: [await addEndpoint(request)] }),
};
