import { presetError } from './parse-preset.ts';
import type { Preset, PresetQuestion } from './preset.ts';
import type { AnswerSchema, Question, ScalarAnswer } from './question.ts';

/**
 * The questions of a service as presets change them: defaults, locked answers, required and denied ones, and more of them.
 * @param presets bases first; a later one wins
 * @throws {UserError} TEMPLATE_BROKEN for a preset that speaks of a question that there is not, or adds one twice
 */
export function adjustQuestions(questions: readonly Question[], presets: readonly Preset[]): Question[] {
  let adjusted = [...questions];
  for (const preset of presets) {
    const label = `${preset.name} ${preset.version}`;
    const fail = (reason: string) => presetError([{ subject: label, reason }]);
    for (const added of preset.questions) {
      if (adjusted.some(({ name }) => name === added.name)) throw fail(`asks ${added.name}, which is asked already`);
      adjusted.push(toQuestion(added));
    }
    const named = [
      ...Object.keys(preset.defaults),
      ...Object.keys(preset.locked),
      ...preset.required,
      ...Object.keys(preset.denied),
    ];
    const unknown = named.find((name) => !adjusted.some((question) => question.name === name));
    if (unknown !== undefined)
      throw fail(`answers "${unknown}", which nothing asks; asked are ${adjusted.map(({ name }) => name).join(', ')}`);
    adjusted = adjusted.map((question) => adjust(question, preset, label));
  }
  return adjusted;
}

function adjust(question: Question, preset: Preset, label: string): Question {
  const { name } = question;
  const denied = Object.hasOwn(preset.denied, name) ? (preset.denied[name] ?? []) : [];
  let changed = denied.length > 0 ? deny(question, denied, label) : question;
  if (Object.hasOwn(preset.defaults, name)) changed = { ...changed, default: preset.defaults[name] as ScalarAnswer };
  if (preset.required.includes(name)) {
    const { default: _dropped, ...required } = changed;
    changed = { ...required, asked: true };
  }
  if (!Object.hasOwn(preset.locked, name)) return changed;
  return { ...changed, default: preset.locked[name] as ScalarAnswer, asked: false, lockedBy: label };
}

/** What is denied is left out of a choice, and refused in any other answer. */
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
      if (isDenied(value)) throw new RangeError(`must not be ${value}, says ${label}`);
    },
  };
}

function toQuestion({ name, message, type, default: initial, asked = true, ...rest }: PresetQuestion): Question {
  const schemas: Record<PresetQuestion['type'], AnswerSchema> = {
    string: { type: 'string', maxLength: rest.maxLength ?? 200 },
    integer: {
      type: 'integer',
      minimum: rest.minimum ?? 0,
      maximum: rest.maximum ?? Number.MAX_SAFE_INTEGER,
    },
    boolean: { type: 'string', enum: ['true', 'false'] },
    choice: { type: 'string', enum: rest.choices ?? [] },
  };
  const value = typeof initial === 'boolean' ? String(initial) : initial;
  return { name, message, asked, schema: schemas[type], ...(value === undefined ? {} : { default: value }) };
}
