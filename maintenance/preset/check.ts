import { resolve } from 'node:path';
import type { Problem } from '../../engine/core/errors.ts';
import { adjustQuestions } from '../../engine/core/preset/preset-questions.ts';
import { answerProblem, type Question } from '../../engine/core/question.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { CREATE_QUESTIONS, createVariables } from '../../generators/create/questions.ts';
import { type LoadedPreset, loadPresets } from '../../generators/load-presets.ts';
import { makeStandard } from '../../generators/standard.ts';
import { requirePresets } from '../../generators/unasked.ts';
import { STACKS } from '../../stacks/index.ts';
import { lintWorkflows } from './actionlint.ts';
import { checkStack } from './check-stack.ts';
import { WORKFLOW } from './document.ts';
import { canApply } from './option-sets.ts';
import { unkeptPromises } from './promises.ts';
import { seenFiles } from './rendered-files.ts';

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
 * Validates a preset: its schema and its templates. It renders the option sets of every stack that its services may be of, reads what
 * comes out as its tools do, with harmless and with hostile answers, and checks that services can satisfy the preset's requirements.
 * @param trusted names of presets that may bring what tools run unasked
 * @returns the problems of rendering and of what is rendered, and the requirements that no service can satisfy
 * @throws {UserError} TEMPLATE_* with every problem because of which the preset cannot be rendered, with file and line
 */
export async function checkPreset(dir: string, cwd: string, trusted: readonly string[] = []): Promise<PresetCheck> {
  const presets = await loadPresets(resolve(cwd, dir), cwd);
  const own = presets.at(-1);
  if (!own) throw new Error('no preset was loaded');
  const last = own.preset;
  const questions = adjustQuestions(
    CREATE_QUESTIONS,
    presets.map(({ preset }) => preset),
  );
  const problems = new Map<string, Problem>();
  const report = (found: readonly Problem[]) => {
    for (const problem of found) {
      const key = `${problem.subject} ${problem.reason}`;
      if (!problems.has(key)) problems.set(key, problem);
    }
  };
  const seen = seenFiles();
  const said = new Set<string>();
  const written = new Set<string>();
  const removed = new Set<string>();
  let rendered = 0;
  const standards = STACKS.filter(({ id }) => canApply(questions, { stack: id })).map((stack) => ({
    stack,
    standard: makeStandard(loadBuiltin(stack.id, createVariables), presets),
  }));
  requirePresets(trusted, presets);
  const policies: Problem[] = [];
  for (const { stack, standard } of standards) {
    const found = await checkStack(stack, standard, { own, trusted, seen, said });
    rendered += found.rendered;
    report(found.problems);
    policies.push(...found.images);
    for (const path of found.written) written.add(path);
    for (const path of found.removed) removed.add(path);
  }
  report(idleLayers(last, questions));
  report(
    last.remove.flatMap((path, index) =>
      removed.has(path) ? [] : [{ subject: last.at(['remove', index]), reason: `no layer writes ${path}` }],
    ),
  );
  report(await unkeptPromises(presets, written));
  report(policies);
  report(idleDenials(presets));
  const workflows = [...seen.changed].flatMap(([path, variants]) =>
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
    rendered,
    problems: [...problems.values()],
    ...(workflows.length === 0 ? {} : { workflows: linted ? 'actionlint' : 'own rules' }),
  };
}

function idleLayers({ layers, at }: LoadedPreset['preset'], questions: readonly Question[]): Problem[] {
  return layers.flatMap(({ path, when }, index) =>
    canApply(questions, when)
      ? []
      : [{ subject: at(['layers', index]), reason: `no answers select the layer ${path}` }],
  );
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
