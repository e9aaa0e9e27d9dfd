import { isOdd, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { similarity } from '../../engine/core/merge/text/similarity.ts';
import type { Question } from '../../engine/core/question.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { RenderedTree } from '../../engine/core/template/template.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { type CreateAnswers, parseCreateAnswers, questionsFor } from '../../generators/create/questions.ts';
import type { LoadedPreset } from '../../generators/load-presets.ts';
import { makeStandard, renderStandard, type Standard } from '../../generators/standard.ts';
import type { Stack } from '../../stacks/stack.ts';
import { guessAnswers } from './guess-answers.ts';

/** A template version with answers, and how similar its files are to a tree. */
export interface Match {
  readonly version: string;
  readonly answers: CreateAnswers;
  /** 0 to 1: the mean similarity of the files that would have been generated; a missing one counts 0. */
  readonly score: number;
  /** Number of files that are the same as generated ones, that are similar, and that are missing. */
  readonly same: number;
  readonly alike: number;
  readonly missing: readonly string[];
}

export interface Candidate extends Match {
  readonly standard: Standard;
  readonly rendered: RenderedTree;
}

/** The scored candidates. */
interface Ranking {
  /** The most similar one. Of two that are equally similar, the one with more defaults. */
  readonly best: Candidate;
  /** This version of the program with the defaults, for a tree that gives no evidence. */
  readonly plain: Candidate;
  readonly tried: number;
}

/**
 * Scores every template version with every choice that the tree leaves open.
 * @param sets this version of the program first
 * @param given answers that need no guess
 * @param folder the name of the service's folder
 * @throws {UserError} INPUT_INVALID, TEMPLATE_*
 */
export async function rankCandidates(
  sets: readonly (TemplateSet & { stack: Stack })[],
  presets: readonly LoadedPreset[],
  given: Readonly<Record<string, string>>,
  tree: TeamTree,
  folder: string,
): Promise<Ranking> {
  const candidates: Candidate[] = [];
  for (const { main, stack } of sets) {
    const standard = makeStandard(main, presets);
    const guessed = guessAnswers(tree, await stack.load(), folder, standard.questions);
    const known: Record<string, unknown> = { ...guessed, ...given, stack: stack.id };
    for (const raw of choices(questionsFor(known, standard.questions), known)) {
      const answers = parseCreateAnswers(raw, standard.questions, (set) =>
        ['npx create-twelve-service adopt', ...set.map((answer) => `--set ${answer}`)].join(' '),
      );
      const rendered = await renderStandard(standard, answers);
      candidates.push({ standard, rendered, answers, version: main.version, ...score(rendered, tree) });
    }
  }
  const [plain] = candidates;
  const [best] = candidates.toSorted((a, b) => b.score - a.score);
  if (!plain || !best) throw new Error('no template was scored');
  return { best, plain, tried: candidates.length };
}

/**
 * Every combination of the unknown choices, with the known answers and the defaults of other questions. The one with
 * the defaults comes first.
 */
function choices(questions: readonly Question[], known: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  let sets: Record<string, unknown>[] = [{ ...known }];
  for (const { name, schema, lockedBy, default: initial } of questions) {
    if (Object.hasOwn(known, name) || lockedBy !== undefined || schema.type !== 'string' || !schema.enum) continue;
    const values = schema.enum.toSorted((a, b) => Number(b === initial) - Number(a === initial));
    if (sets.length * values.length <= 256)
      sets = sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })));
  }
  return sets;
}

function score(rendered: RenderedTree, tree: TeamTree): Pick<Match, 'score' | 'same' | 'alike' | 'missing'> {
  const missing: string[] = [];
  let [sum, same, alike] = [0, 0, 0];
  for (const [path, file] of rendered) {
    const own = tree.get(path as RepoPath);
    if (!own || isOdd(own)) {
      missing.push(path);
      continue;
    }
    const [is, was] = [own, file].map(({ content }) => Buffer.from(content).toString('utf8').replaceAll('\r\n', '\n'));
    const likeness = similarity(is ?? '', was ?? '');
    sum += likeness;
    if (likeness === 1) same += 1;
    else alike += 1;
  }
  return { score: rendered.size === 0 ? 0 : sum / rendered.size, same, alike, missing: missing.sort() };
}
