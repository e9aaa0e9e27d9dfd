import { flagOf, type Question } from '../engine/core/question.ts';
import { packageVersion } from '../engine/io/version.ts';
import { GENERATORS, type Generator } from '../generators/generators.ts';
import { JSON_SCHEMA_VERSION } from '../report/outcome.ts';
import { RUN_OPTIONS } from './options.ts';
import { COMMON_OPTIONS, VERBS } from './verbs.ts';

/** Everything an agent needs to call this program without a terminal. */
export function describeJson(generators: readonly Generator[] = GENERATORS): object {
  return {
    schema: JSON_SCHEMA_VERSION,
    program: 'create-twelve-service',
    version: packageVersion(),
    generators: generators.map((generator) => ({
      name: generator.name,
      description: generator.description,
      positional: generator.positional,
      questions: generator.questions.map((question) => ({
        name: question.name,
        flag: flagOf(question),
        message: question.message,
        asked: question.asked,
        required: question.default === undefined,
        schema: schemaOf(question),
      })),
      answers: answersSchema(generator),
    })),
    options: RUN_OPTIONS.map((option) => ({ ...option, flag: `--${option.flag}` })),
    verbs: VERBS.map(({ options, most: _most, ...verb }) => ({
      ...verb,
      options: [...options, ...COMMON_OPTIONS].map((option) => ({ ...option, flag: `--${option.flag}` })),
    })),
  };
}

function schemaOf({ schema, message, default: initial }: Generator['questions'][number]): object {
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

/** The same for people. */
export function describeText(generators: readonly Generator[] = GENERATORS): string {
  return generators
    .map(({ name, description, questions }) => {
      const rows = questions.map((question) => {
        return `  ${flagOf(question).padEnd(15)} ${question.message} [${valuesOf(question)}]`;
      });
      return [`${name}: ${description}`, ...rows].join('\n');
    })
    .join('\n\n');
}
