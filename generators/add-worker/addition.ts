import { nameForms, parseServiceName } from '../../engine/core/names.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { type RenderContext, variablesOf } from '../../engine/core/template/template.ts';
import { imageOf } from '../create/questions.ts';
import type { AdditionCode } from '../generator.ts';
import { withNames } from '../with-names.ts';
import { addWorker } from './plan.ts';

export const WORKER: AdditionCode = {
  variables: (stack) => {
    const made = { name: 'sample', database: 'none', cache: 'none' };
    return variablesOf({ ...workerContext('sample', made, '1'), ...withNames(stack, { name: 'sample' }) });
  },
  make: async (request) => {
    const { service, answers, template, stack } = request;
    const { answers: made } = service.manifest;
    const name = String(answers.name);
    return addWorker(request, (number) => {
      const context = { ...workerContext(name, made, number), ...withNames(stack, { name }) };
      return renderTemplate(template, { database: String(made.database) }, context);
    });
  },
};

export function workerContext(name: string, made: Readonly<Record<string, unknown>>, number: string): RenderContext {
  const { name: service } = parseServiceName(String(made.name));
  return {
    name,
    number,
    camelName: nameForms(name).camelName,
    service,
    image: imageOf(String(made.registry ?? ''), service),
    port: Number(made.port ?? 8080),
    serviceConst: nameForms(service).constName,
    postgres: made.database === 'postgres',
    redis: made.cache === 'redis',
  };
}
