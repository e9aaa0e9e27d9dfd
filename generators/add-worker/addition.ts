import { nameForms, parseServiceName } from '../../engine/core/names.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { type RenderContext, variablesOf } from '../../engine/core/template/template.ts';
import type { AdditionCode } from '../generator.ts';
import { addWorker } from './plan.ts';

export const WORKER: AdditionCode = {
  variables: () => variablesOf(workerContext('sample', { name: 'sample', database: 'none', cache: 'none' }, '1')),
  make: async (request) => {
    const { service, answers, template } = request;
    const { answers: made } = service.manifest;
    return addWorker(request, (number) =>
      renderTemplate(template, { database: String(made.database) }, workerContext(String(answers.name), made, number)),
    );
  },
};

export function workerContext(name: string, made: Readonly<Record<string, unknown>>, number: string): RenderContext {
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
