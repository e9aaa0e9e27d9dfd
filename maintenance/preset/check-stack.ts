import { type Problem, UserError } from '../../engine/core/errors.ts';
import type { RawAnswers } from '../../engine/core/question.ts';
import { fillTokens } from '../../engine/core/template/render.ts';
import { parseCreateAnswers, questionsFor } from '../../generators/create/questions.ts';
import type { LoadedPreset } from '../../generators/load-presets.ts';
import { renderStandard, type Standard } from '../../generators/standard.ts';
import type { Stack } from '../../stacks/stack.ts';
import { blockPaths } from './block-paths.ts';
import { isFreeText } from './hostile.ts';
import { ImageCheck } from './images.ts';
import { canApply, optionSets } from './option-sets.ts';
import { rawAnswers } from './raw-answers.ts';
import { checkFiles, type SeenFiles } from './rendered-files.ts';

/** What the services of one stack show of a preset. */
interface StackCheck {
  /** Number of option sets that were rendered. */
  readonly rendered: number;
  /** Of rendering, and of what is rendered. */
  readonly problems: readonly Problem[];
  /** Images that its services build on and the policy does not allow. */
  readonly images: readonly Problem[];
  /** Every path that at least one option set has. */
  readonly written: ReadonlySet<string>;
  /** What of the preset's `remove` was there to be removed. */
  readonly removed: ReadonlySet<string>;
}

/** What the checks of all stacks share. */
interface Shared {
  readonly own: LoadedPreset;
  readonly trusted: readonly string[];
  readonly seen: SeenFiles;
  /** Problems that were said of a file, without its line. */
  readonly said: Set<string>;
}

/** Renders every option set of one stack, and reads what comes out. */
export async function checkStack(
  stack: Stack,
  standard: Standard,
  { own, trusted, seen, said }: Shared,
): Promise<StackCheck> {
  const last = own.preset;
  const problems: Problem[] = [];
  const applicable = standard.template.layers.filter(({ when }) =>
    canApply(standard.questions, { ...when, stack: when.stack ?? stack.id }),
  );
  const written = new Set<string>(applicable.flatMap(({ files }) => files().map(({ path }) => path)));
  const removed = new Set<string>();
  const asked = standard.questions.map((question) =>
    question.name === 'stack' ? { ...question, schema: { ...question.schema, enum: [stack.id] } } : question,
  );
  const sets = optionSets({ ...standard, questions: questionsFor({ stack: stack.id }, asked) });
  const blocks = await blockPaths(standard, sets);
  const { jsonWithComments } = await stack.load();
  const free = new Set(standard.questions.filter(isFreeText).map(({ name }) => name));
  const filledBy = (block: string) => [...blocks].flatMap(([path, names]) => (names.has(block) ? [path] : []));
  const raws = rawAnswers(own, free, filledBy);
  const sources = new Set(raws.map(({ subject }) => subject.replace(/:\d+$/, '')));
  const files = checkFiles(standard, (path) => [...(blocks.get(path) ?? [])], jsonWithComments, sources, seen);
  const images = new ImageCheck(standard.policy.images);
  const unremoved = { ...standard, template: { ...standard.template, removed: new Set<string>() } };
  /** Says a problem of a file with the first option set that has it; its line may be another one in the next. */
  const reportSet = (found: readonly Problem[], raw: RawAnswers) => {
    const keyOf = ({ subject, reason }: Problem) => `${subject.replace(/:\d+$/, '')} ${reason}`;
    const fresh = found.filter((problem) => !said.has(keyOf(problem)));
    for (const problem of fresh) said.add(keyOf(problem));
    problems.push(...fresh.map((problem) => atSet(problem, raw, standard)));
  };
  for (const raw of sets) {
    try {
      const answers = parseCreateAnswers(raw, standard.questions);
      const context = standard.context(answers);
      const all = await renderStandard(unremoved, answers);
      for (const path of all.keys()) written.add(path);
      for (const path of last.remove) if (all.has(fillTokens(path, context) as never)) removed.add(path);
      const tree = await renderStandard(standard, answers);
      images.look(tree);
      await standard.refuseUnasked(answers, tree, { trusted });
      reportSet(await files.problems(raw), raw);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const found = error.problems.length > 0 ? error.problems : [{ subject: 'render', reason: error.message }];
      reportSet(found, raw);
    }
  }
  for (const path of standard.template.removed ?? []) written.delete(path);
  return {
    rendered: sets.length,
    problems: [...problems, ...raws],
    images: images.problems(
      last.at(['policy', 'images']),
      `denied: {stack: [${stack.id}]} if no such service is wanted`,
    ),
    written,
    removed,
  };
}

function atSet({ subject, reason }: Problem, raw: RawAnswers, { questions }: Standard): Problem {
  const set = questions.flatMap(({ name, schema }) =>
    schema.type === 'string' && schema.enum && raw[name] !== undefined ? [`${name}=${raw[name]}`] : [],
  );
  return { subject, reason: `${reason} (with ${set.join(' ')})` };
}
