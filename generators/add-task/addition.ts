import { parseServiceName } from '../../engine/core/names.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import type { AdditionCode } from '../generator.ts';
import { withNames } from '../with-names.ts';

export const TASK: AdditionCode = {
  variables: (stack) => variablesOf(withNames(stack, { name: 'sample' })),
  make: async ({ service: { manifest }, answers, template, stack }) => {
    const name = String(answers.name);
    const options = { database: String(manifest.answers.database) };
    const files = await renderTemplate(template, options, withNames(stack, { name }));
    const image = parseServiceName(String(manifest.answers.name)).name;
    return {
      additions: [
        {
          generator: 'add-task',
          name,
          answers,
          files,
          notes: [
            `write ${stack.places.written('task', name)}; after a build it runs as: ${stack.commands.verb(`run ${name}`)}, docker run ${image} run ${name}`,
          ],
        },
      ],
    };
  },
};
