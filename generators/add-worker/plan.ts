import { UserError } from '../../engine/core/errors.ts';
import { parseServiceName } from '../../engine/core/names.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { isRecorded } from '../../engine/core/service/addition.ts';
import { nextMigration } from '../../engine/core/service/migrations.ts';
import { readText, writeText } from '../../engine/core/service/text-file.ts';
import { addToMap } from '../../engine/core/service/yaml-edit.ts';
import type { RenderedTree } from '../../engine/core/template/template.ts';
import type { TreeFile } from '../../engine/core/tree.ts';
import { deployResource } from '../deploy-manifests.ts';
import type { AdditionRequest, Additions } from '../generator.ts';

/** Rendered with the rest, and put into the compose file. */
const BLOCK = parseRepoPath('compose-service.yaml');

/** The file of its Deployment in `deploy/base`. */
export const manifestOf = (name: string): string => `worker-${name}.yaml`;

/** A worker's files, its service in compose and, for the first one that has a queue, the table of jobs. */
export async function addWorker(
  { service, answers, stack, now }: AdditionRequest,
  render: (number: string) => Promise<RenderedTree>,
): Promise<Additions> {
  const name = String(answers.name);
  const rendered = await render(nextMigration(service, now));
  const jobs = [...service.tree].find(([path]) => /^migrations\/\d+_jobs\.up\.sql$/.test(path));
  const hasJobs = jobs !== undefined;
  if (jobs && !readText(jobs[1]).text.includes('run_at'))
    throw new UserError(
      'NAME_TAKEN',
      `${jobs[0]} is another table than the queue of workers`,
      'Rename that table first.',
    );
  const deployed = await deployResource(service.tree, rendered, manifestOf(name));
  const isSurplus = (path: string) =>
    path === BLOCK || (hasJobs && path.startsWith('migrations/')) || path.startsWith('deploy/');
  const files = new Map([...[...rendered].filter(([path]) => !isSurplus(path)), ...deployed.files]);

  const own = parseServiceName(String(service.manifest.answers.name)).name;
  const path = parseRepoPath(`docker-compose.${own}.yaml`);
  const compose = service.tree.get(path);
  const text = compose && readText(compose);
  const entry = Buffer.from(rendered.get(BLOCK)?.content ?? []).toString('utf8');
  const key = `${own}-${name}`;
  const grown = text && (await addToMap(text.text, ['services'], { key, entry, gap: true }));
  const edits = new Map<RepoPath, TreeFile>(deployed.edits);
  if (compose && text && grown !== undefined) edits.set(path, writeText(compose, text, grown));
  return {
    additions: [
      {
        generator: 'add-worker',
        name,
        answers,
        files,
        edits,
        notes: [
          `write ${stack.places.written('worker', name)}; after a build it runs as: ${stack.commands.verb(`worker ${name}`)}`,
        ],
      },
    ],
    attention: isRecorded(service, 'add-worker', name)
      ? []
      : [...lookAt(path, key, name, !edits.has(path), grown === text?.text), ...deployed.attention.values()],
  };
}

/** What a person has to look at in compose. */
function lookAt(path: string, key: string, name: string, isMissing: boolean, isThere: boolean): string[] {
  if (isMissing)
    return [`${path} is not as this program writes it: add ${key} by hand, with the command worker ${name}`];
  return isThere ? [`${path} has ${key} already: check that its command is worker ${name}`] : [];
}
