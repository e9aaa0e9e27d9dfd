import { nameForms } from '../../engine/core/names.ts';
import { isRecorded } from '../../engine/core/service/addition.ts';
import { addDependencies, type Dependency } from '../../engine/core/service/dependencies.ts';
import { documentVariables, refuseTakenVariables } from '../../engine/core/service/variables.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { declareVariable } from '../compose-variable.ts';
import type { Growth } from '../grow.ts';
import { FLAG_QUESTIONS } from './questions.ts';

const OPENFEATURE: readonly Dependency[] = [
  {
    name: '@openfeature/core',
    version: '1.12.0',
    entry: {
      integrity: 'sha512-7PCPzyd1OC19begz30+CRknFB0ChtyaZUhk7YWrk+Bov1fpVw0HYkTXtoxxsvPfDZB9P9WsT7uixN+Z8f9+bcA==',
      license: 'Apache-2.0',
    },
  },
  {
    name: '@openfeature/server-sdk',
    version: '1.23.0',
    entry: {
      integrity: 'sha512-JWeLvltJIV0AFgOfbw7hK9b9Rw/5wWq+RMhCIU9sJtAqarxr8hSPglG+JAGGhYdElAz3Qwe9W3ApWyPNkQEyqg==',
      license: 'Apache-2.0',
      engines: { node: '>=20' },
      peerDependencies: { '@openfeature/core': '^1.12.0' },
    },
  },
];

export const FLAG: Growth = {
  generator: 'add-flag',
  questions: FLAG_QUESTIONS,
  template: 'flag',
  variables: () => new Set(Object.keys(flagContext('sample'))),
  example: 'npx create-twelve-service add-flag new-checkout',
  propose: async (service, answers, template) => {
    const name = String(answers.name);
    const context = flagContext(name);
    if (!isRecorded(service, 'add-flag', name)) refuseTakenVariables(service, `flag-${name}`, [context.flagEnv]);
    const declared = await declareVariable(service, context.flagEnv, { compose: '' });
    const dependencies = await addDependencies(service, OPENFEATURE);
    const variable = {
      name: context.flagEnv,
      // In the words of the template's concern, which the service's own documents repeat.
      description: `Who gets ${name}: off, on, a percentage such as 25%, or variants such as control:50,treatment:50.`,
      type: 'string',
      default: 'off',
    };
    return {
      additions: [
        {
          generator: 'add-flag',
          name,
          answers,
          files: await renderTemplate(template, {}, context),
          edits: new Map([
            ...declared.edits,
            ...dependencies,
            ...documentVariables(service, `flag-${name}`, [variable]),
          ]),
          notes: [
            `ask it with ${context.camelName}(app, userId) of src/flags/${name}.ts; ${context.flagEnv} says who gets it`,
          ],
          next: ['npm install'],
        },
      ],
      attention: isRecorded(service, 'add-flag', name) ? [] : declared.attention,
    };
  },
};

function flagContext(name: string) {
  const { camelName, constName } = nameForms(name);
  return { name, camelName, flagEnv: `FLAG_${constName}` };
}
