import { type Problem, printable } from '../errors.ts';
import { type AnswerSchema, answerProblem, flagOf, type Question, type ScalarAnswer } from '../question.ts';
import { presetError } from './parse-preset.ts';
import type { Preset, PresetQuestion } from './preset.ts';

/**
 * Applies presets to the questions of a service: defaults, locked, required and denied answers, and new questions.
 * @param presets bases first; a later default wins, and a locked answer stays locked
 * @throws {UserError} TEMPLATE_BROKEN for a preset that names an unknown question, adds one twice, or changes an answer
 *   that an earlier preset locked
 */
export function adjustQuestions(questions: readonly Question[], presets: readonly Preset[]): Question[] {
  let adjusted = [...questions];
  for (const preset of presets) {
    const problems: Problem[] = [];
    const fail = (key: readonly (string | number)[], reason: string) =>
      problems.push({ subject: `${preset.name} ${preset.at(key)}`, reason });
    for (const [index, added] of preset.questions.entries())
      if (isReserved(added)) fail(['questions', index, 'name'], `"${added.name}" is a reserved name`);
      else if (adjusted.some(({ name }) => name === added.name))
        fail(['questions', index], `there already is a question ${added.name}`);
      else adjusted.push(toQuestion(added));
    for (const [key, name] of namedQuestions(preset)) {
      const question = adjusted.find((one) => one.name === name);
      if (!question)
        fail(key, `there is no question "${name}"; the questions are ${adjusted.map((one) => one.name).join(', ')}`);
      else if (key[0] === 'defaults' || key[0] === 'locked') {
        const reason = answerProblem(question, preset[key[0]][name]);
        if (reason !== undefined) fail(key, `${name} ${reason}`);
      }
    }
    if (problems.length > 0) throw presetError(problems);
    const before = adjusted;
    adjusted = before.map((question) => adjust(question, preset, `${preset.name} ${preset.version}`));
    for (const [key, name] of namedQuestions(preset)) {
      const [was, is] = [before, adjusted].map((all) => all.find((one) => one.name === name));
      const reason = is && contradiction(was, is);
      if (reason !== undefined) fail(key, `${name} ${reason}`);
    }
    for (const [index, { name }] of preset.questions.entries()) {
      const added = adjusted.find((one) => one.name === name);
      const reason = added?.default === undefined ? undefined : answerProblem(added, added.default);
      if (reason !== undefined) fail(['questions', index, 'default'], `the default of ${name} ${reason}`);
    }
    if (problems.length > 0) throw presetError(problems);
  }
  return adjusted;
}

/** The reason why a preset's change of a question contradicts itself or an answer that a base locked. */
function contradiction(was: Question | undefined, is: Question): string | undefined {
  const lock = was?.lockedBy;
  if (lock !== undefined && String(was?.default) !== String(is.default))
    return `is locked to ${String(was?.default)} by ${lock}`;
  const { default: value } = is;
  return value === undefined || typeof value === 'function' ? undefined : answerProblem(is, value);
}

/** Every question that a preset names, and where. */
function namedQuestions({
  defaults,
  locked,
  required,
  denied,
  layers,
}: Preset): [readonly (string | number)[], string][] {
  const maps = Object.entries({ defaults, locked, denied });
  return [
    ...layers.flatMap(({ when }, index) =>
      Object.keys(when).map((name): [(string | number)[], string] => [['layers', index, 'when', name], name]),
    ),
    ...maps.flatMap(([part, map]) => Object.keys(map).map((name): [string[], string] => [[part, name], name])),
    ...required.map((name, index): [(string | number)[], string] => [['required', index], name]),
  ];
}

/** Whether a name is a flag of this program, or a property that every object has. */
function isReserved(question: PresetQuestion): boolean {
  return RESERVED_FLAGS.has(flagOf(question)) || question.name in {};
}

const RESERVED_FLAGS: ReadonlySet<string> = new Set(
  (
    '--dir --plan --dry-run --overwrite --yes --defaults --answers --preset --no-git --no-install --format --debug ' +
    '--help --h --version'
  ).split(' '),
);

function adjust(question: Question, preset: Preset, label: string): Question {
  const { name } = question;
  const denied = Object.hasOwn(preset.denied, name) ? (preset.denied[name] ?? []) : [];
  let changed = denied.length > 0 ? deny(question, denied, label) : question;
  if (Object.hasOwn(preset.defaults, name)) changed = { ...changed, default: preset.defaults[name] as ScalarAnswer };
  if (preset.required.includes(name)) {
    const { default: _dropped, ...required } = changed;
    changed = { ...required, asked: true, schema: notEmpty(changed.schema) };
  }
  if (!Object.hasOwn(preset.locked, name)) return changed;
  return { ...changed, default: preset.locked[name] as ScalarAnswer, asked: false, lockedBy: label };
}

/** Removes denied answers from a choice. For other questions, a denied answer is an error. */
function deny(question: Question, denied: readonly ScalarAnswer[], label: string): Question {
  const isDenied = (value: unknown) => denied.some((one) => String(one) === String(value));
  const { schema, check, default: initial } = question;
  const { default: _dropped, ...withoutDefault } = question;
  const kept: Question = typeof initial !== 'function' && isDenied(initial) ? withoutDefault : question;
  if (schema.type === 'string' && schema.enum) {
    const allowed = schema.enum.filter((value) => !isDenied(value));
    const [first] = allowed;
    if (first === undefined) throw presetError([{ subject: label, reason: `denies every answer to ${question.name}` }]);
    return { ...kept, schema: { ...schema, enum: allowed }, default: kept.default ?? first };
  }
  return {
    ...kept,
    check: (value) => {
      check?.(value);
      if (isDenied(value)) throw new RangeError(`must not be ${printable(value)}, says ${label}`);
    },
  };
}

function toQuestion({ name, message, type, default: initial, asked = true, ...rest }: PresetQuestion): Question {
  const schemas: Record<PresetQuestion['type'], AnswerSchema> = {
    string: {
      type: 'string',
      maxLength: rest.maxLength ?? 200,
      ...(rest.pattern === undefined ? {} : { pattern: rest.pattern }),
    },
    integer: {
      type: 'integer',
      minimum: rest.minimum ?? 0,
      maximum: rest.maximum ?? Number.MAX_SAFE_INTEGER,
    },
    boolean: { type: 'string', enum: ['true', 'false'] },
    choice: { type: 'string', enum: rest.choices ?? [] },
  };
  const value = typeof initial === 'boolean' ? String(initial) : initial;
  if (value === undefined) return { name, message, asked, schema: notEmpty(schemas[type]) };
  return { name, message, asked, schema: schemas[type], default: value };
}

/** The schema of a required text: it must not be empty. */
function notEmpty(schema: AnswerSchema): AnswerSchema {
  return schema.type === 'string' && !schema.enum ? { ...schema, minLength: 1 } : schema;
}
