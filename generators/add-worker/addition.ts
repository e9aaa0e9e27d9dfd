import { nameForms, parseServiceName } from '../../engine/core/names.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { type RenderContext, type RenderedTree, variablesOf } from '../../engine/core/template/template.ts';
import { imageOf } from '../create/questions.ts';
import { deployResource } from '../deploy-manifests.ts';
import type { AdditionCode, DeployRequest } from '../generator.ts';
import { withNames } from '../with-names.ts';
import { addWorker, manifestOf } from './plan.ts';

export const WORKER: AdditionCode = {
  variables: (stack) => {
    const made = { name: 'sample', database: 'none', cache: 'none' };
    return variablesOf({ ...workerContext('sample', made, '1'), ...withNames(stack, { name: 'sample' }) });
  },
  make: (request) => addWorker(request, (number) => renderWorker(request, number)),
  deployed: async (request) => {
    // The number is that of the table of jobs, which is none of the manifests.
    const rendered = await renderWorker(request, '1');
    return deployResource(request.service.tree, rendered, manifestOf(String(request.answers.name)));
  },
};

function renderWorker({ service, answers, template, stack }: DeployRequest, number: string): Promise<RenderedTree> {
  const { answers: made } = service.manifest;
  const name = String(answers.name);
  const context = { ...workerContext(name, made, number), ...withNames(stack, { name }) };
  return renderTemplate(template, { database: String(made.database) }, context);
}

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
