import { resolve } from 'node:path';
import { type Problem, UserError } from '../../engine/core/errors.ts';
import { answerProblem, type Question, type RawAnswers } from '../../engine/core/question.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { createVariables, parseCreateAnswers } from '../../generators/create/questions.ts';
import { loadPresets, makeStandard, renderStandard, type Standard } from '../../generators/standard.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';
import { unkeptPromises } from './promises.ts';

/** The result of a preset check. */
export interface PresetCheck {
  readonly name: string;
  readonly version: string;
  /** Number of option sets that were rendered. */
  readonly rendered: number;
  readonly problems: readonly Problem[];
}

/** If there are more option sets, only some are rendered; each value of each question is in one of them. */
const MAX_SETS = 512;

/**
 * Validates a preset: its schema and its templates. It renders the option sets, and checks that services can satisfy
 * the preset's requirements.
 * @returns the problems of rendering, and the requirements that no service can satisfy
 * @throws {UserError} TEMPLATE_* with every problem because of which the preset cannot be rendered, with file and line
 */
export async function checkPreset(dir: string, cwd: string): Promise<PresetCheck> {
  const folder = resolve(cwd, dir);
  const presets = await loadPresets(folder, cwd);
  const standard = makeStandard(loadBuiltin(DEFAULT_STACK.id, createVariables), presets);
  const own = presets.at(-1);
  if (!own) throw new Error('no preset was loaded');
  const last = own.preset;
  const problems = new Map<string, Problem>();
  const applicable = standard.template.layers.filter(({ when }) => canApply(standard.questions, when));
  const paths = new Set(applicable.flatMap(({ files }) => files().map(({ path }) => path)));
  const sets = optionSets(standard);
  for (const raw of sets) {
    try {
      const answers = parseCreateAnswers(raw, standard.questions);
      const without = { ...standard, template: { ...standard.template, removed: new Set<string>() } };
      for (const path of (await renderStandard(without, answers)).keys()) paths.add(path);
      await renderStandard(standard, answers);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const all = error.problems.length > 0 ? error.problems : [{ subject: 'render', reason: error.message }];
      for (const problem of all) problems.set(`${problem.subject} ${problem.reason}`, atSet(problem, raw, standard));
    }
  }
  for (const [index, { path, when }] of last.layers.entries())
    if (!canApply(standard.questions, when))
      problems.set(`layer ${index}`, {
        subject: last.at(['layers', index]),
        reason: `no answers select the layer ${path}`,
      });
  for (const [index, path] of last.remove.entries())
    if (!paths.has(path))
      problems.set(`remove ${index}`, { subject: last.at(['remove', index]), reason: `no layer writes ${path}` });
  for (const path of standard.template.removed ?? []) paths.delete(path);
  for (const problem of await unkeptPromises(own, paths)) problems.set(`${problem.subject} ${problem.reason}`, problem);
  return { name: last.name, version: last.version, rendered: sets.length, problems: [...problems.values()] };
}

function canApply(questions: readonly Question[], when: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(when).every(([name, value]) => canBe(questions, name, value));
}

/** Whether a question can have this answer after all presets were applied. */
function canBe(questions: readonly Question[], name: string, value: unknown): boolean {
  const question = questions.find((one) => one.name === name);
  const text = question?.schema.type === 'integer' ? value : String(value);
  if (!question || answerProblem(question, text) !== undefined) return false;
  return question.lockedBy === undefined || String(question.default) === String(value);
}

function atSet({ subject, reason }: Problem, raw: RawAnswers, { questions }: Standard): Problem {
  const set = questions.flatMap(({ name, schema }) =>
    schema.type === 'string' && schema.enum ? [`${name}=${raw[name]}`] : [],
  );
  return { subject, reason: `${reason} (with ${set.join(' ')})` };
}

/** Every combination of choices. A question for any text or number has one sample answer. */
function optionSets({ questions, template }: Standard): Record<string, unknown>[] {
  const values = questions.map((question): [string, unknown[]] => {
    const named = template.layers.flatMap(({ when }) =>
      Object.hasOwn(when, question.name) ? [when[question.name]] : [],
    );
    const usable = named.filter((value) => canBe(questions, question.name, value));
    return [question.name, [...new Set([...sampleValues(question), ...usable])]];
  });
  const count = values.reduce((product, [, all]) => product * all.length, 1);
  if (count <= MAX_SETS)
    return values.reduce<Record<string, unknown>[]>(
      (sets, [name, all]) => sets.flatMap((set) => all.map((value) => ({ ...set, [name]: value }))),
      [{}],
    );
  const longest = Math.max(...values.map(([, all]) => all.length));
  return Array.from({ length: longest * 4 }, (_, index) =>
    Object.fromEntries(values.map(([name, all], at) => [name, all[(index + (index >> 2) * at) % all.length]])),
  );
}

function sampleValues({ name, schema, lockedBy, default: initial }: Question): unknown[] {
  if (lockedBy !== undefined && typeof initial !== 'function') return [initial];
  if (name === 'name') return ['sample'];
  if (schema.type === 'string' && schema.enum) return [...schema.enum];
  if (initial !== undefined && typeof initial !== 'function') return [initial];
  if (schema.type === 'string') return ['sample'.slice(0, schema.maxLength)];
  return [schema.type === 'integer' ? schema.minimum : []];
}
