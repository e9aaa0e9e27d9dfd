import { UserError } from '../../engine/core/errors.ts';
import { nameForms, parseNewName, parseServiceName } from '../../engine/core/names.ts';
import {
  flagOf,
  parseAnswers,
  type Question,
  type RawAnswers,
  type ScalarAnswer,
  type SetCommand,
} from '../../engine/core/question.ts';
import { type RenderContext, type TemplateVariables, variablesOf } from '../../engine/core/template/template.ts';
import { DEFAULT_STACK, findStack, STACKS } from '../../stacks/index.ts';
import type { Stack } from '../../stacks/stack.ts';

/** Everything that decides what a new service looks like; it is recorded in the manifest. */
export interface CreateAnswers extends Readonly<Record<string, ScalarAnswer>> {
  /** As given, e.g. `orders` or `@acme/orders`. */
  readonly name: string;
  readonly stack: string;
  /** Not there for a stack whose packages only one program installs. */
  readonly packageManager?: string;
  readonly database: string;
  readonly cache: string;
  readonly ci: string;
  readonly deploy: string;
  readonly description: string;
  readonly author: string;
  readonly license: string;
  readonly registry: string;
  readonly port: number;
}

export const CREATE_QUESTIONS: readonly Question[] = [
  {
    name: 'name',
    message: 'Name of the service (a-z, 0-9, "-"; may be @scope/name)',
    asked: true,
    schema: {
      type: 'string',
      maxLength: 214,
      pattern: '^(@[a-z0-9][a-z0-9._-]*/)?[a-z]([a-z0-9-]{0,61}[a-z0-9])?$',
    },
    check: parseServiceName,
  },
  {
    name: 'description',
    message: 'What it does, in one line',
    asked: true,
    schema: { type: 'string', maxLength: 300 },
    default: ({ name }) => `The ${parseServiceName(String(name)).name} service`,
  },
  {
    name: 'database',
    message: 'Database',
    asked: true,
    schema: { type: 'string', enum: ['postgres', 'none'] },
    about: {
      postgres: 'a table, migrations and an example; nothing to install',
      none: 'no state; one example route',
    },
    default: 'postgres',
  },
  {
    name: 'cache',
    message: 'Cache',
    asked: true,
    schema: { type: 'string', enum: ['redis', 'none'] },
    about: { redis: 'reads are kept in Redis; it goes on without one', none: 'no cache' },
    default: 'none',
  },
  {
    name: 'ci',
    message: 'CI pipeline',
    asked: true,
    schema: { type: 'string', enum: ['github', 'gitlab', 'none'] },
    about: {
      github: 'tests, verifies and pushes the image; upgrades each week',
      gitlab: 'the same, on GitLab',
      none: 'no pipeline',
    },
    default: 'github',
  },
  {
    name: 'deploy',
    message: 'Where it runs besides compose; manifests for kustomize are in deploy/',
    asked: false,
    schema: { type: 'string', enum: ['kubernetes', 'none'] },
    default: 'none',
  },
  {
    name: 'stack',
    message: 'Language',
    asked: false,
    schema: { type: 'string', enum: STACKS.map(({ id }) => id) },
    default: DEFAULT_STACK.id,
  },
  {
    name: 'packageManager',
    message: 'Package manager; what runs this is the default if it can be chosen',
    asked: false,
    schema: { type: 'string', enum: STACKS.flatMap(({ packageManagers = [] }) => packageManagers) },
    default: DEFAULT_STACK.packageManagers?.[0] ?? '',
  },
  {
    name: 'registry',
    message: 'Image name prefix, e.g. ghcr.io/acme',
    asked: false,
    form: 'a registry host and path in lower case, without https:// and without a "/" at its end, e.g. ghcr.io/acme',
    schema: {
      type: 'string',
      maxLength: 180,
      pattern: '^$|^[a-z0-9]+([.-][a-z0-9]+)*(:[1-9][0-9]{0,4})?(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$',
    },
    default: '',
  },
  {
    name: 'author',
    message: 'Author, e.g. Jo Doe <jo@example.com>',
    asked: false,
    schema: { type: 'string', maxLength: 200 },
    default: '',
  },
  {
    name: 'license',
    message: 'SPDX licence expression',
    asked: false,
    form: 'an SPDX expression, e.g. MIT or Apache-2.0, or UNLICENSED',
    schema: { type: 'string', maxLength: 100, pattern: '^[A-Za-z0-9][A-Za-z0-9.+() -]*$' },
    default: 'UNLICENSED',
  },
  {
    name: 'port',
    message: 'Default HTTP port',
    asked: false,
    schema: { type: 'integer', minimum: 1, maximum: 65535 },
    default: 8080,
  },
];

/** The questions for something new, whose name is being chosen: it may be none that a command has. */
export function forNew(questions: readonly Question[]): readonly Question[] {
  return questions.map((question) => (question.name === 'name' ? { ...question, check: parseNewName } : question));
}

/** @throws {UserError} with every missing or wrong answer */
export function parseCreateAnswers(
  raw: RawAnswers,
  questions = CREATE_QUESTIONS,
  example: string | SetCommand = 'npm create twelve-service@latest -- orders --yes',
): CreateAnswers {
  const asked = questionsFor(raw, questions);
  const extra = questions.find((question) => !asked.includes(question) && raw[question.name] !== undefined);
  if (extra)
    throw new UserError(
      'INPUT_INVALID',
      `${flagOf(extra)} is not for a service in ${chosenStack(raw, questions)?.title}, which has no choice of package managers`,
      'Leave it out.',
    );
  const answers = parseAnswers(asked, raw, example) as CreateAnswers;
  const hasJob = answers.deploy === 'kubernetes' && answers.database === 'postgres';
  if (hasJob && parseServiceName(answers.name).name.length > MAX_JOB_OWNER)
    throw new UserError(
      'INPUT_INVALID',
      `the name has more than ${MAX_JOB_OWNER} characters, and Kubernetes takes no Job called NAME-migrate of it`,
      'Choose a shorter name.',
    );
  return answers;
}

/** Kubernetes refuses a Job with more than 63 characters in its name. */
const MAX_JOB_OWNER = 63 - '-migrate'.length;

/** The questions that make sense for the stack that is chosen: nobody chooses a package manager where there is only one. */
export function questionsFor(raw: RawAnswers, questions: readonly Question[]): readonly Question[] {
  const stack = chosenStack(raw, questions);
  if (stack === undefined || stack.packageManagers) return questions;
  return questions.filter(({ name }) => name !== 'packageManager');
}

function chosenStack(raw: RawAnswers, questions: readonly Question[]): Stack | undefined {
  const chosen = raw.stack ?? questions.find(({ name }) => name === 'stack')?.default;
  return STACKS.find(({ id }) => id === chosen);
}

/** The names that templates may use, from the answers; missing recorded answers get no default. */
export function createContext(
  answers: CreateAnswers,
  stack: Pick<Stack, 'context'> = findStack(answers),
): RenderContext {
  const { name } = parseServiceName(answers.name);
  const { registry } = answers as Partial<CreateAnswers>;
  return {
    ...answers,
    name,
    ...stack.context(answers),
    ...(registry === undefined
      ? {}
      : {
          image: imageOf(registry, name),
          foreignRegistry: registry !== '' && !/^ghcr\.io(\/|$)/.test(registry),
        }),
    ...nameForms(name),
    postgres: answers.database === 'postgres',
    redis: answers.cache === 'redis',
    github: answers.ci === 'github',
    gitlab: answers.ci === 'gitlab',
    kubernetes: answers.deploy === 'kubernetes',
  };
}

/** The name of a service's image, without a tag. */
export function imageOf(registry: string, name: string): string {
  return registry === '' ? name : `${registry}/${name}`;
}

/** For compiling templates: the names of {@link createContext}, whatever the answers and the stack. */
export function createVariables(): TemplateVariables {
  const contexts = STACKS.map(({ id }) => createContext(parseCreateAnswers({ name: 'sample', stack: id })));
  return new Map(contexts.flatMap((context) => [...variablesOf(context)]));
}
