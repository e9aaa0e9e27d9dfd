import { parseServiceName } from '../../engine/core/names.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import type { AdditionCode } from '../generator.ts';

export const TASK: AdditionCode = {
  variables: () => variablesOf({ name: 'sample' }),
  make: async ({ service: { manifest }, answers, template, stack }) => {
    const name = String(answers.name);
    const files = await renderTemplate(template, { database: String(manifest.answers.database) }, { name });
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
