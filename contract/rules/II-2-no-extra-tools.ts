import { describeExit } from '../harness/process/process.ts';
import { withoutTools } from '../probes/artifact/without-tools.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'II-2',
  level: 'MUST',
  mustFrom: 'house',
  factor: 'II. Dependencies',
  promises: {
    'twelve-factor': 'It serves in an image from which curl, bash and all package managers were taken away.',
    house: 'So does every verb.',
  },
  why: 'A tool that the base image happens to have is a dependency that nobody declared, and help for an intruder.',
  mend: 'Call the program directly in ENTRYPOINT, HEALTHCHECK and scripts; do not shell out.',
  byHand: ["docker run --rm --entrypoint sh $IMAGE -c 'command -v curl bash apk apt-get'"],
  applies: (subject) => subject.isImage(),
  async check(harness) {
    const { target } = harness.subject;
    if (target.kind !== 'image') throw new Error('not an image');
    const { wrap, hidden } = await withoutTools(target);
    const database = harness.subject.hasDatabase ? { database: await harness.database() } : {};
    const service = await harness.start({ ...database, wrap });
    const live = await service.status(service.paths.live);
    const without = hidden.length > 0 ? `without ${hidden.join(', ')}` : 'which has none of these tools';
    harness.saw({
      sent: `web in the image ${without}`,
      expected: `GET ${service.paths.live} 200`,
      got: String(live),
      ok: service.isFine(live),
    });
    if (!harness.asks('house') || harness.subject.takesVerbs() !== true) return harness.evidence;
    const verbs = [
      ['version'],
      ['config', '--check'],
      ['healthcheck'],
      ...(harness.subject.hasDatabase ? [['migrate', '--status']] : []),
    ];
    for (const verb of verbs) {
      const { exit } = await harness.run(verb, { ...database, wrap, env: harness.port(service.port) });
      harness.saw({
        sent: `the verb ${verb.join(' ')}, ${without}`,
        expected: 'exit 0',
        got: describeExit(exit),
        ok: exit.code === 0,
      });
    }
    return harness.evidence;
  },
};
