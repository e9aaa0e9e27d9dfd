import { nameForms } from '../../engine/core/names.ts';
import { isRecorded } from '../../engine/core/service/addition.ts';
import { documentVariables, refuseTakenVariables } from '../../engine/core/service/variables.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import { declareVariable } from '../compose-variable.ts';
import type { AdditionCode } from '../generator.ts';
import { withNames } from '../with-names.ts';

export const FLAG: AdditionCode = {
  variables: (stack) => variablesOf(withNames(stack, flagContext('sample'))),
  make: async ({ service, answers, template, stack }) => {
    const name = String(answers.name);
    const context = flagContext(name);
    const concern = `flag-${name}`;
    const concerns = stack.findConcerns(service.tree);
    if (!isRecorded(service, 'add-flag', name)) refuseTakenVariables([context.flagEnv], concern, concerns);
    const declared = await declareVariable(service, context.flagEnv, { compose: '' });
    const dependencies = await stack.dependencies('flag', service.tree);
    const variable = {
      name: context.flagEnv,
      // Worded as in the template's part of the configuration, from which the service makes its documents.
      description: `Who gets ${name}: off, on, a percentage such as 25%, or variants such as control:50,treatment:50.`,
      default: 'off',
    };
    return {
      additions: [
        {
          generator: 'add-flag',
          name,
          answers,
          files: await renderTemplate(template, {}, withNames(stack, context)),
          edits: new Map([
            ...declared.edits,
            ...dependencies,
            ...documentVariables(service, concern, [variable], concerns),
          ]),
          notes: [
            `ask it with ${stack.flagCall(name)} of ${stack.places.written('flag', name)}; ${context.flagEnv} says who gets it`,
          ],
          next: dependencies.size > 0 ? [stack.commands.sync] : [],
        },
      ],
      attention: isRecorded(service, 'add-flag', name) ? [] : declared.attention,
    };
  },
};

export function flagContext(name: string) {
  const { camelName, constName } = nameForms(name);
  return { name, camelName, flagEnv: `FLAG_${constName}` };
}
