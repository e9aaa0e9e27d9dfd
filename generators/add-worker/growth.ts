import { nameForms, parseServiceName } from '../../engine/core/names.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { type RenderContext, variablesOf } from '../../engine/core/template/template.ts';
import type { Growth } from '../grow.ts';
import { addWorker } from './plan.ts';
import { WORKER_QUESTIONS } from './questions.ts';

export const WORKER: Growth = {
  generator: 'add-worker',
  questions: WORKER_QUESTIONS,
  template: 'worker',
  variables: () => variablesOf(workerContext('sample', { name: 'sample', database: 'none', cache: 'none' }, '1')),
  example: 'npx create-twelve-service add-worker invoice-mailer',
  propose: async ({ service, answers, template, now }) => {
    const { answers: made } = service.manifest;
    return addWorker(service, answers, now, (number) =>
      renderTemplate(template, { database: String(made.database) }, workerContext(String(answers.name), made, number)),
    );
  },
};

function workerContext(name: string, made: Readonly<Record<string, unknown>>, number: string): RenderContext {
  const { name: service } = parseServiceName(String(made.name));
  return {
    name,
    number,
    camelName: nameForms(name).camelName,
    service,
    serviceConst: nameForms(service).constName,
    postgres: made.database === 'postgres',
    redis: made.cache === 'redis',
  };
}
