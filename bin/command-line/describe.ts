import { flagOf, type Question } from '../../engine/core/question.ts';
import { packageVersion } from '../../engine/io/version.ts';
import type { Generator } from '../../generators/generator.ts';
import { JSON_SCHEMA_VERSION } from '../../report/parts/json.ts';
import { COMMON_OPTIONS, type Command, type Options } from './command.ts';

/** Everything an agent needs to call this program without a terminal. */
export function describeJson(commands: readonly Command[]): object {
  const [create] = commands;
  return {
    schema: JSON_SCHEMA_VERSION,
    program: 'create-twelve-service',
    version: packageVersion(),
    generators: commands.flatMap(({ generator, group, options, formats }) =>
      generator === undefined
        ? []
        : [
            {
              name: generator.name,
              description: generator.description,
              group,
              positional: generator.positional,
              questions: generator.questions.map((question) => ({
                name: question.name,
                flag: flagOf(question),
                message: question.message,
                asked: question.asked,
                required: question.default === undefined,
                ...(question.about ? { choices: question.about } : {}),
                schema: schemaOf(question),
              })),
              answers: answersSchema(generator),
              options: describeOptions(options, formats),
              examples: generator.examples,
            },
          ],
    ),
    // Of a new service.
    options: describeOptions(create?.options ?? {}, create?.formats ?? []),
    verbs: commands.flatMap(({ name, summary, group, usage, formats, options, examples, generator }) =>
      generator
        ? []
        : [{ name, description: summary, group, usage, formats, options: describeOptions(options, formats), examples }],
    ),
  };
}

function describeOptions(options: Options, formats: readonly string[]): object[] {
  const format = { ...COMMON_OPTIONS.format, value: formats.join('|') };
  return Object.entries({ ...options, ...COMMON_OPTIONS, format }).map(([flag, option]) => ({
    flag: `--${flag}`,
    ...option,
  }));
}

function schemaOf({ schema, message, default: initial }: Question): object {
  const described = { ...schema, description: message };
  return initial === undefined || typeof initial === 'function' ? described : { ...described, default: initial };
}

/** The JSON Schema of an `--answers` file. */
function answersSchema({ questions }: Generator): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    required: questions.filter((question) => question.default === undefined).map(({ name }) => name),
    properties: Object.fromEntries(questions.map((question) => [question.name, schemaOf(question)])),
  };
}

function valuesOf({ schema }: Question): string {
  if (schema.type === 'integer') return `${schema.minimum}-${schema.maximum}`;
  if (schema.type === 'array') return 'text, any number of times';
  return schema.enum?.join(' | ') ?? 'text';
}

/** The questions for people. */
export function describeText(commands: readonly Command[]): string {
  return commands
    .flatMap(({ generator, summary }) => {
      if (generator === undefined) return [];
      const rows = generator.questions.map((question) => {
        return `  ${flagOf(question).padEnd(15)} ${question.message} [${valuesOf(question)}]`;
      });
      return [[`${generator.name}: ${summary}`, ...rows].join('\n')];
    })
    .join('\n\n');
}
