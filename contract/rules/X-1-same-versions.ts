import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeExit } from '../harness/process/process.ts';
import { Unseen } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'X-1',
  level: 'MUST',
  factor: 'X. Dev/prod parity',
  promises: {
    'twelve-factor': 'Compose and the pipeline use equal versions of each backing service.',
    house: 'One image does the serving, the migrating and the testing.',
  },
  why: 'A test against another version of the database proves nothing about the version in production.',
  mend: 'Write one `image:` for each backing service into compose and CI alike; build one image and give it verbs.',
  byHand: ["grep -rn 'image:' *compose*.y*ml .github .gitlab-ci.yml"],
  applies: (subject) => subject.hasFolder(),
  async check(harness) {
    const { target } = harness.subject;
    const folder = target.folder ?? '';
    const versions = new Map<string, Set<string>>();
    const files = pipelineFiles(folder);
    const runsVerbs = target.kind === 'image' && harness.asks('house') && harness.subject.takesVerbs() === true;
    if (files.length === 0 && !runsVerbs) throw new Unseen('there is no compose file and no pipeline');
    for (const file of files) {
      const images = readFileSync(join(folder, file), 'utf8').matchAll(
        /^[^#\n]*\b(?:image|name):\s*["']?(?:[\w./-]*\/)?((postgres|redis|valkey|mysql|mongo|rabbitmq):[\w.-]+)/gm,
      );
      // The registry of an image does not make it another version.
      for (const [, image = '', service = ''] of images)
        versions.set(service, (versions.get(service) ?? new Set()).add(image));
    }
    const several = [...versions.values()].filter((images) => images.size > 1).flatMap((images) => [...images]);
    const all = [...versions.values()].flatMap((images) => [...images]);
    harness.saw({
      sent: `read ${files.join(', ') || 'compose and CI files'}`,
      expected: 'one version of each backing service',
      got: several.join(', ') || all.join(', ') || 'no backing service',
      ok: several.length === 0,
    });
    if (target.kind === 'image' && runsVerbs) {
      const database = harness.subject.hasDatabase ? { database: await harness.emptyDatabase() } : {};
      const verbs = [['version'], ...(harness.subject.hasDatabase ? [['migrate'], ['migrate', '--status']] : [])];
      for (const verb of verbs) {
        const { exit } = await harness.run(verb, database);
        harness.saw({
          sent: `docker run ${target.image} ${verb.join(' ')}`,
          expected: 'exit 0',
          got: describeExit(exit),
          ok: exit.code === 0,
        });
      }
    }
    return harness.evidence;
  },
};

function pipelineFiles(folder: string): string[] {
  const inside = (path: string) =>
    existsSync(join(folder, path)) ? readdirSync(join(folder, path)).map((name) => join(path, name)) : [];
  return [...inside('.'), ...inside('.github/workflows')].filter((path) =>
    /^(docker-)?compose.*\.ya?ml$|^\.gitlab-ci\.yml$|^\.github\/workflows\/.*\.ya?ml$/.test(path),
  );
}
