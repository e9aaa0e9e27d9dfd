import { answerProblem, type Question } from '../../engine/core/question.ts';
import type { Standard } from '../../generators/standard.ts';

/** If there are more option sets, only some are rendered: every two values of two questions are in one of them. */
const MAX_SETS = 512;

/** A question with more values is left out of the pairs; each of its values is in one set all the same. */
const MAX_PAIRED = 12;

/** Whether answers can select a layer. */
export function canApply(questions: readonly Question[], when: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(when).every(([name, value]) => canBe(questions, name, value));
}

/** Whether a question can have this answer after all presets were applied. */
function canBe(questions: readonly Question[], name: string, value: unknown): boolean {
  const question = questions.find((one) => one.name === name);
  const text = question?.schema.type === 'integer' ? value : String(value);
  if (!question || answerProblem(question, text) !== undefined) return false;
  return question.lockedBy === undefined || String(question.default) === String(value);
}

/** Every combination of choices, or of every two of them. A question for any text or number has one sample answer. */
export function optionSets({ questions, template }: Standard): Record<string, unknown>[] {
  const values = questions.map((question): readonly [string, readonly unknown[]] => {
    const named = template.layers.flatMap(({ when }) =>
      Object.hasOwn(when, question.name) ? [when[question.name]] : [],
    );
    const usable = named
      .filter((value) => canBe(questions, question.name, value))
      .map((value) => (question.schema.type === 'integer' ? value : String(value)));
    return [question.name, [...new Set([...sampleValues(question), ...usable])]];
  });
  const count = values.reduce((product, [, all]) => product * all.length, 1);
  if (count > MAX_SETS) return pairwise(values);
  return values.reduce<Record<string, unknown>[]>(
    (sets, [name, all]) => sets.flatMap((set) => all.map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}

/** Sets in which every value of one question meets every value of another, as far as the limit lets them. */
function pairwise(values: readonly (readonly [string, readonly unknown[]])[]): Record<string, unknown>[] {
  const sizes = values.map(([, all]) => all.length);
  const key = (i: number, a: number, j: number, b: number) => (i < j ? `${i} ${a} ${j} ${b}` : `${j} ${b} ${i} ${a}`);
  const open = new Set<string>();
  const paired = sizes.flatMap((size, at) => (size > 1 && size <= MAX_PAIRED ? [at] : []));
  for (const i of paired)
    for (const j of paired)
      if (i < j)
        for (let a = 0; a < (sizes[i] ?? 0); a += 1)
          for (let b = 0; b < (sizes[j] ?? 0); b += 1) open.add(key(i, a, j, b));
  const sets: number[][] = [];
  while ((open.size > 0 || sets.length < Math.max(...sizes)) && sets.length < Math.max(MAX_SETS, ...sizes)) {
    const chosen = sizes.map((size) => sets.length % size);
    const [first = ''] = open;
    const [i = 0, a = 0, j = 0, b = 0] = first.split(' ').map(Number);
    const fixed = new Map(first === '' ? [] : [[i, a] as const, [j, b] as const]);
    for (const at of paired) {
      const gain = (value: number) =>
        [...fixed].filter(([other, held]) => open.has(key(at, value, other, held))).length;
      const best =
        Array.from({ length: sizes[at] ?? 1 }, (_, value) => value).sort((x, y) => gain(y) - gain(x))[0] ?? 0;
      if (!fixed.has(at)) fixed.set(at, best);
    }
    for (const [at, value] of fixed) chosen[at] = value;
    for (const [at, value] of fixed) for (const [other, held] of fixed) open.delete(key(at, value, other, held));
    sets.push(chosen);
  }
  return sets.map((chosen) => Object.fromEntries(values.map(([name, all], at) => [name, all[chosen[at] ?? 0]])));
}

function sampleValues({ name, schema, lockedBy, default: initial }: Question): unknown[] {
  if (lockedBy !== undefined && typeof initial !== 'function') return [initial];
  if (name === 'name') return ['sample'];
  if (schema.type === 'string' && schema.enum) return [...schema.enum];
  if (initial !== undefined && typeof initial !== 'function') return [initial];
  if (schema.type === 'string') return ['sample'.slice(0, schema.maxLength)];
  return [schema.type === 'integer' ? schema.minimum : []];
}
