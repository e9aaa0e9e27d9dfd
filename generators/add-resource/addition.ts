import { UserError } from '../../engine/core/errors.ts';
import { isRecorded } from '../../engine/core/service/addition.ts';
import { nextMigration, refuseTakenMigration, requireDatabase } from '../../engine/core/service/migrations.ts';
import { toResource } from '../../engine/core/service/resource.ts';
import { type FoundRoute, OPERATIONS, shapeOf } from '../../engine/core/service/route.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import type { AdditionCode } from '../generator.ts';

/** Each list of the template has at least one record. */
const SAMPLE = { name: 'sample', plural: '', fields: ['a:int:unique', 'b:date?'] };

export const RESOURCE: AdditionCode = {
  variables: ({ resource }) => variablesOf(resource(toResource(SAMPLE, '1'))),
  make: async ({ service, answers, template, stack, now }) => {
    requireDatabase(service, 'a resource');
    try {
      const word = String(answers.name);
      const given = { name: word, plural: String(answers.plural), fields: answers.field as readonly string[] };
      const resource = toResource(given, nextMigration(service, now));
      const { name, plural, table } = resource;
      const context = stack.resource(resource);
      if (!isRecorded(service, 'add-resource', name)) {
        refuseTakenMigration(service, table);
        refuseTakenPath(stack.findRoutes(service.tree), `/${plural}`);
      }
      return {
        additions: [
          {
            generator: 'add-resource',
            name,
            // One and its plural are the same addition.
            answers: { ...answers, name },
            files: await renderTemplate(template, {}, context),
            notes: [
              ...(name === word ? [] : [`${word} is taken as the plural of ${name}; --plural says another one`]),
              `/${plural} is served once the table is there: ${stack.commands.dev} makes it, and in production ${stack.commands.verb('migrate')}`,
            ],
          },
        ],
      };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UserError('INPUT_INVALID', error.message, 'Correct it and run it again.', { cause: error });
    }
  },
};

function refuseTakenPath(found: readonly FoundRoute[], path: string): void {
  if (OPERATIONS.includes(path))
    throw new RangeError(`${path} is a path that every service already has; choose another name with --plural`);
  const other = found.find((route) => shapeOf(route.path) === path || shapeOf(route.path) === `${path}/:`);
  if (other)
    throw new UserError('NAME_TAKEN', `${other.file} has ${other.path} already`, 'Choose another name, or --plural.');
}
