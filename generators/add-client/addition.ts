import { nameForms } from '../../engine/core/names.ts';
import { isRecorded } from '../../engine/core/service/addition.ts';
import { documentVariables, refuseTakenVariables, type Variable } from '../../engine/core/service/variables.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import { declareVariable } from '../compose-variable.ts';
import { deployVariable, hasPolicy, letOut } from '../deploy-manifests.ts';
import type { AdditionCode } from '../generator.ts';
import { withNames } from '../with-names.ts';

export const CLIENT: AdditionCode = {
  variables: (stack) => variablesOf(withNames(stack, clientContext('sample', ''))),
  make: async ({ service, answers, template, stack }) => {
    const name = String(answers.name);
    const context = clientContext(name, String(answers.baseUrlEnv));
    const concerns = stack.findConcerns(service.tree);
    if (!isRecorded(service, 'add-client', name))
      refuseTakenVariables([context.urlEnv, context.timeoutEnv], name, concerns);
    const compose = `\${${context.urlEnv}:-http://${name}:8080}`;
    const declared = await declareVariable(service, context.urlEnv, {
      compose,
      pipeline: EXAMPLE_URL,
      kubernetes: deployedAt(name),
    });
    const dependencies = await stack.dependencies('client', service.tree);
    return {
      additions: [
        {
          generator: 'add-client',
          name,
          answers,
          files: await renderTemplate(template, {}, withNames(stack, context)),
          edits: new Map([
            ...declared.edits,
            ...dependencies,
            ...documentVariables(service, name, clientVariables(name, context), concerns),
          ]),
          notes: [
            `${context.urlEnv} is required from now on; write your calls in ${stack.places.written('client', name)}`,
            ...(hasPolicy(service.tree) ? [letOut(name)] : []),
          ],
          next: dependencies.size > 0 ? [stack.commands.sync] : [],
        },
      ],
      attention: isRecorded(service, 'add-client', name) ? [] : declared.attention,
    };
  },
  deployed: async ({ service, answers }) => {
    const name = String(answers.name);
    const { urlEnv } = clientContext(name, String(answers.baseUrlEnv));
    return deployVariable(service.tree, urlEnv, deployedAt(name));
  },
};

/** Services that are made like this one have a namespace of their own name each. */
const deployedAt = (name: string): string => `http://${name}.${name}:8080`;

/** As in the template's part of the configuration. */
const EXAMPLE_URL = 'http://127.0.0.1:9000';

export function clientContext(name: string, baseUrlEnv: string) {
  const { camelName, constName } = nameForms(name);
  const urlEnv = baseUrlEnv || `${constName}_URL`;
  return { name, camelName, urlEnv, timeoutEnv: urlEnv.replace(/_URL$/, '_TIMEOUT_MS') };
}

/** Worded as in the template's part of the configuration, from which the service makes its documents. */
function clientVariables(name: string, { urlEnv, timeoutEnv }: { urlEnv: string; timeoutEnv: string }): Variable[] {
  return [
    {
      name: urlEnv,
      description: `URL of the service ${name}; it may carry user and password.`,
      example: EXAMPLE_URL,
      isSecret: true,
    },
    {
      name: timeoutEnv,
      description: `How long one attempt to call ${name} may take.`,
      default: '2000',
    },
  ];
}
