import { parseAnswers } from '../../engine/core/question.ts';
import type { Growth } from '../grow.ts';
import { endpointContext } from './context.ts';
import { toEndpoint } from './endpoint.ts';
import { addEndpoint } from './plan.ts';
import { ENDPOINT_QUESTIONS } from './questions.ts';

export const ENDPOINT: Growth = {
  generator: 'add-endpoint',
  questions: ENDPOINT_QUESTIONS,
  template: 'endpoint',
  variables: () => {
    const answers = parseAnswers(ENDPOINT_QUESTIONS, { route: 'GET /sample' }, '');
    return new Set(Object.keys(endpointContext(toEndpoint(answers))));
  },
  example:
    'npx create-twelve-service add-endpoint "POST /orders/:orderId/items" --body quantity:int --response id:uuid',
  propose: async (service, answers, template) => ({ additions: [await addEndpoint(service, answers, template)] }),
};
