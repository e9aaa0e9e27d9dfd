import { resolve } from 'node:path';
import { type Problem, UserError } from '../../engine/core/errors.ts';
import { adjustQuestions } from '../../engine/core/preset/preset-questions.ts';
import { answerProblem, type RawAnswers } from '../../engine/core/question.ts';
import { fillTokens } from '../../engine/core/template/render.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { CREATE_QUESTIONS, createVariables, parseCreateAnswers } from '../../generators/create/questions.ts';
import { type LoadedPreset, loadPresets } from '../../generators/load-presets.ts';
import { makeStandard, renderStandard, type Standard } from '../../generators/standard.ts';
import { requirePresets } from '../../generators/unasked.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';
import { lintWorkflows } from './actionlint.ts';
import { blockPaths } from './block-paths.ts';
import { WORKFLOW } from './document.ts';
import { isFreeText } from './hostile.ts';
import { ImageCheck } from './images.ts';
import { canApply, optionSets } from './option-sets.ts';
import { unkeptPromises } from './promises.ts';
import { rawAnswers } from './raw-answers.ts';
import { checkFiles } from './rendered-files.ts';

/** The result of a preset check. */
export interface PresetCheck {
  readonly name: string;
  readonly version: string;
  /** Number of option sets that were rendered. */
  readonly rendered: number;
  readonly problems: readonly Problem[];
  /** Who read the workflows; not set if the preset changes none. */
  readonly workflows?: 'actionlint' | 'own rules';
}

/**
 * Validates a preset: its schema and its templates. It renders the option sets, reads what comes out as its tools do, with
 * harmless and with hostile answers, and checks that services can satisfy the preset's requirements.
 * @param trusted names of presets that may bring what tools run unasked
 * @returns the problems of rendering and of what is rendered, and the requirements that no service can satisfy
 * @throws {UserError} TEMPLATE_* with every problem because of which the preset cannot be rendered, with file and line
 */
export async function checkPreset(dir: string, cwd: string, trusted: readonly string[] = []): Promise<PresetCheck> {
  const folder = resolve(cwd, dir);
  const presets = await loadPresets(folder, cwd);
  const standard = makeStandard(loadBuiltin(DEFAULT_STACK.id, createVariables), presets);
  const own = presets.at(-1);
  if (!own) throw new Error('no preset was loaded');
  const last = own.preset;
  requirePresets(trusted, presets);
  const problems = new Map<string, Problem>();
  const report = (found: readonly Problem[]) => {
    for (const problem of found) {
      const key = `${problem.subject} ${problem.reason}`;
      if (!problems.has(key)) problems.set(key, problem);
    }
  };
  const applicable = standard.template.layers.filter(({ when }) => canApply(standard.questions, when));
  const paths = new Set(applicable.flatMap(({ files }) => files().map(({ path }) => path)));
  const removed = new Set<string>();
  const sets = optionSets(standard);
  const blocks = await blockPaths(standard, sets);
  const { jsonWithComments } = await DEFAULT_STACK.load();
  const filledBy = (block: string) => [...blocks].flatMap(([path, names]) => (names.has(block) ? [path] : []));
  const raws = rawAnswers(own, freeTexts(standard), filledBy);
  const sources = new Set(raws.map(({ subject }) => subject.replace(/:\d+$/, '')));
  const files = checkFiles(standard, (path) => [...(blocks.get(path) ?? [])], jsonWithComments, sources);
  const images = new ImageCheck(standard.policy.images);
  const unremoved = { ...standard, template: { ...standard.template, removed: new Set<string>() } };
  const said = new Set<string>();
  /** Says a problem of a file with the first option set that has it; its line may be another one in the next. */
  const reportSet = (found: readonly Problem[], raw: RawAnswers) => {
    const keyOf = ({ subject, reason }: Problem) => `${subject.replace(/:\d+$/, '')} ${reason}`;
    const fresh = found.filter((problem) => !said.has(keyOf(problem)));
    for (const problem of fresh) said.add(keyOf(problem));
    report(fresh.map((problem) => atSet(problem, raw, standard)));
  };
  for (const raw of sets) {
    try {
      const answers = parseCreateAnswers(raw, standard.questions);
      const context = standard.context(answers);
      const all = await renderStandard(unremoved, answers);
      for (const path of all.keys()) paths.add(path);
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
  report(raws);
  report(
    last.layers.flatMap(({ path, when }, index) =>
      canApply(standard.questions, when)
        ? []
        : [{ subject: last.at(['layers', index]), reason: `no answers select the layer ${path}` }],
    ),
  );
  report(
    last.remove.flatMap((path, index) =>
      removed.has(path) ? [] : [{ subject: last.at(['remove', index]), reason: `no layer writes ${path}` }],
    ),
  );
  for (const path of standard.template.removed ?? []) paths.delete(path);
  report(await unkeptPromises(presets, paths));
  report(images.problems(last.at(['policy', 'images'])));
  report(idleDenials(presets));
  const workflows = [...files.changed].flatMap(([path, variants]) =>
    WORKFLOW.test(path)
      ? [...variants.values()].map(({ content, source }) => ({
          path,
          source,
          text: Buffer.from(content).toString('utf8'),
        }))
      : [],
  );
  const linted = workflows.length === 0 ? undefined : lintWorkflows(workflows);
  report(linted ?? []);
  return {
    name: last.name,
    version: last.version,
    rendered: sets.length,
    problems: [...problems.values()],
    ...(workflows.length === 0 ? {} : { workflows: linted ? 'actionlint' : 'own rules' }),
  };
}

function freeTexts({ questions }: Standard): Set<string> {
  return new Set(questions.filter(isFreeText).map(({ name }) => name));
}

/** Denied answers that nobody could give anyway. */
function idleDenials(presets: readonly LoadedPreset[]): Problem[] {
  const own = presets.at(-1)?.preset;
  if (!own) return [];
  const bases = presets.slice(0, -1).map(({ preset }) => preset);
  const questions = adjustQuestions(CREATE_QUESTIONS, [...bases, { ...own, denied: {}, locked: {}, required: [] }]);
  return Object.entries(own.denied).flatMap(([name, values]) =>
    values.flatMap((value, index) => {
      const question = questions.find((one) => one.name === name);
      const text = question?.schema.type === 'integer' ? value : String(value);
      if (!question || answerProblem(question, text) === undefined) return [];
      return [
        { subject: own.at(['denied', name, index]), reason: `${String(value)} is not an answer to ${name} anyway` },
      ];
    }),
  );
}

function atSet({ subject, reason }: Problem, raw: RawAnswers, { questions }: Standard): Problem {
  const set = questions.flatMap(({ name, schema }) =>
    schema.type === 'string' && schema.enum ? [`${name}=${raw[name]}`] : [],
  );
  return { subject, reason: `${reason} (with ${set.join(' ')})` };
}
