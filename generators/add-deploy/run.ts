import { resolve } from 'node:path';
import { parseAnswers, type RawAnswers } from '../../engine/core/question.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { openService } from '../../engine/io/service/service.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { findStack } from '../../stacks/index.ts';
import { createVariables } from '../create/questions.ts';
import { requireLayout, requireWhole } from '../grow.ts';
import type { Outcome, RunOptions } from '../outcome.ts';
import { findGrown } from '../workspace/find-grown.ts';
import { DEPLOY_QUESTIONS } from './questions.ts';

const NAME = 'add-deploy';

/**
 * The answer `deploy` of a service that is there: with it come the manifests, and what deploys them.
 * @throws {UserError} with the service as it was before
 */
export async function addDeploy(raw: RawAnswers, options: RunOptions): Promise<Outcome> {
  const { addAnswer, planOnly } = options;
  if (!addAnswer) throw new Error(`${NAME} was run without what merges an answer`);
  const answers = parseAnswers(DEPLOY_QUESTIONS, raw, `npx create-twelve-service ${NAME} kubernetes`);
  const root = findGrown(resolve(options.cwd, options.dir ?? '.'), NAME);
  const recovered = recoverTarget(root, planOnly);
  const { manifest } = openService(root, (made) => findStack(made).places.sources);
  requireWhole(manifest, NAME);
  await requireLayout(manifest, loadBuiltin(findStack(manifest.answers).id, createVariables), NAME);
  const value = String(answers.target);
  if (manifest.answers.deploy === value) {
    const plan = { changes: [], notes: [`it is deployed to ${value} already: deploy/README.md says how`], next: [] };
    return { generator: NAME, target: root, answers, plan, applied: !planOnly, attention: [], recovered };
  }
  const outcome = await addAnswer({ name: 'deploy', value }, NAME, options);
  return { ...outcome, answers, recovered: [...recovered, ...outcome.recovered] };
}
