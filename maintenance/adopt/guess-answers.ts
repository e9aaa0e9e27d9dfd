import { isOdd, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { parseServiceName } from '../../engine/core/names.ts';
import { answerProblem, type Question } from '../../engine/core/question.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { StackCode } from '../../stacks/stack.ts';

/** Where the pipelines of each answer are. */
const CI: readonly (readonly [answer: string, paths: RegExp])[] = [
  ['github', /^\.github\/workflows\/[^/]+\.ya?ml$/],
  ['gitlab', /^\.gitlab-ci\.yml$/],
];

/**
 * Finds answers in a service's own files, for questions with too many possible answers to try them all.
 * @param folder its folder's name, where nothing else names it
 */
export function guessAnswers(
  tree: TeamTree,
  { guess }: StackCode,
  folder: string,
  questions: readonly Question[],
): Record<string, string | number> {
  const text = (path: string): string => {
    const file = tree.get(path as RepoPath);
    return file && !isOdd(file) ? Buffer.from(file.content).toString('utf8') : '';
  };
  const said = guess(text);
  const name = [said.name, folder].find((one) => isServiceName(one)) ?? 'service';
  const { name: bare } = parseServiceName(String(name));
  const compose = [...tree.keys()].find((path) => /^(docker-)?compose[^/]*\.ya?ml$/.test(path));
  const [, registry] =
    new RegExp(`image:\\s*["']?\\S*?([a-z0-9.:/-]+)/${bare}[:"'}\\s]`).exec(text(compose ?? '')) ?? [];
  const [, port] = /^\s*EXPOSE\s+(\d+)/m.exec(text('Dockerfile')) ?? /^#?PORT=(\d+)/m.exec(text('.env.example')) ?? [];
  const guesses: Record<string, unknown> = {
    ...said,
    name,
    registry,
    ci: CI.find(([, paths]) => [...tree.keys()].some((path) => paths.test(path)))?.[0],
    deploy: tree.has('deploy/base/kustomization.yaml' as RepoPath) ? 'kubernetes' : 'none',
    port: port === undefined ? undefined : Number(port),
  };
  return Object.fromEntries(
    Object.entries(guesses).filter(([key, value]) => {
      const question = questions.find((one) => one.name === key);
      const isUsable = value !== undefined && value !== '' && question !== undefined && question.lockedBy === undefined;
      return isUsable && answerProblem(question, value) === undefined;
    }),
  ) as Record<string, string | number>;
}

function isServiceName(value: unknown): boolean {
  try {
    parseServiceName(String(value));
    return typeof value === 'string';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
