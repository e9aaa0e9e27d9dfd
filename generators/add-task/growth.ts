import { parseServiceName } from '../../engine/core/names.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { variablesOf } from '../../engine/core/template/template.ts';
import type { Growth } from '../grow.ts';
import { TASK_QUESTIONS } from './questions.ts';

export const TASK: Growth = {
  generator: 'add-task',
  questions: TASK_QUESTIONS,
  template: 'task',
  variables: () => variablesOf({ name: 'sample' }),
  example: 'npx create-twelve-service add-task backfill-totals',
  propose: async ({ service: { manifest }, answers, template }) => {
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
            `write src/tasks/${name}.ts; it runs as: node dist/main.js run ${name}, docker run ${image} run ${name}`,
          ],
        },
      ],
    };
  },
};
