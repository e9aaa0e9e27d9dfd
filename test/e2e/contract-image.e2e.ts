import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { rules } from '../../contract/rules/index.ts';
import type { ImageTarget } from '../../contract/target.ts';
import { type Report, verify } from '../../contract/verify.ts';
import { quiet } from '../support/quiet.ts';
import { keptIn, renderFindings, renderTable } from './support/contract-report.ts';
import { describeWithEngine, goImage, Leftovers, mustBuild, pythonImage, tryDocker } from './support/docker.ts';
import { rowsOf } from './support/rows.ts';
import { must } from './support/run.ts';
import { commit, makeService, type Options, workFolder } from './support/service.ts';

/** These need a program whose files can be changed, or whose process can be traced. */
const PROCESS_ONLY = ['I-1', 'VI-1', 'VI-4', 'IX-6', 'IX-7', 'XI-4', 'XII-1', 'XII-2', 'III-5'];
const STORED = ['III-6', 'IV-1', 'IV-2', 'VI-2', 'VI-3', 'XII-3', 'H-6'];

/** Every option set that a verifier sees: the pipeline is none of the image's. */
const OPTION_SETS = [
  { database: 'postgres', cache: 'none' },
  { database: 'postgres', cache: 'redis' },
  { database: 'none', cache: 'none' },
  { database: 'none', cache: 'redis' },
] as const;

/** Those of the other languages. */
const OTHER_SETS = [
  { stack: 'go', database: 'postgres', cache: 'redis' },
  { stack: 'go', database: 'none', cache: 'none' },
  { stack: 'python', database: 'postgres', cache: 'redis' },
  { stack: 'python', database: 'none', cache: 'none' },
] as const;
const BASES = { go: goImage, python: pythonImage };

/** What somebody might add to the end of the Dockerfile, and the one rule that it breaks. */
const mutants = [
  {
    rule: 'II-2',
    fault: 'the program is started by a shell that was added for it',
    lines: [
      'USER root',
      'RUN printf \'#!/bin/sh\\nexec "$@"\\n\' > /usr/local/bin/bash && chmod 755 /usr/local/bin/bash',
      'USER 10001:10001',
      'ENTRYPOINT ["bash", "node", "dist/main.js"]',
    ],
  },
  { rule: 'V-2', fault: 'the user is root', lines: ['USER root'] },
  {
    rule: 'V-3',
    fault: 'a compiler stays',
    lines: ['USER root', 'RUN cp /bin/true /usr/local/bin/gcc', 'USER 10001:10001'],
  },
  { rule: 'V-1', fault: 'the label is of another commit', lines: ['LABEL org.opencontainers.image.revision=other'] },
  {
    rule: 'H-1',
    fault: 'the health check needs curl',
    lines: ['HEALTHCHECK CMD curl -f http://127.0.0.1:$PORT/livez'],
  },
  {
    rule: 'H-1',
    fault: 'the health check asks for readiness',
    lines: ['HEALTHCHECK CMD wget -q -O /dev/null http://127.0.0.1:$PORT/readyz'],
  },
];

/** The same program without a shell, or any other program of a distribution. */
const bare = (image: string) => [
  `FROM ${image} AS whole`,
  'USER root',
  'RUN rm -rf /bin /sbin /usr/bin /usr/sbin',
  'FROM scratch',
  'COPY --from=whole / /',
  'WORKDIR /app',
  'USER 10001:10001',
  'ENTRYPOINT ["/usr/local/bin/node", "dist/main.js"]',
  'CMD ["web"]',
  'HEALTHCHECK CMD ["/usr/local/bin/node", "dist/main.js", "healthcheck"]',
];
const ABOUT_IMAGES = ['II-2', 'V-1', 'V-2', 'V-3', 'H-1'];
const about = (ids: readonly string[]) => rules.filter(({ id }) => ids.includes(id));

const backing = new Backing();
const work = workFolder();
const leftovers = new Leftovers();
const folderOf = ({ database, cache }: (typeof OPTION_SETS)[number]) =>
  join(work.folder, `${database}-${cache}`, 'orders');
const imageOf = ({ database, cache }: (typeof OPTION_SETS)[number]) => `twelve-e2e-contract:${database}-${cache}`;
/** What the others are made from. */
const folder = folderOf(OPTION_SETS[0]);
const image = imageOf(OPTION_SETS[0]);
const reports: Report[] = [];

const target = (tag: string, name: string, from = folder): ImageTarget => ({
  kind: 'image',
  name,
  image: tag,
  folder: from,
});
const idsOf = ({ results }: Report, outcome: string) =>
  results.filter((one) => one.outcome === outcome).map(({ rule }) => rule.id);

describeWithEngine('the contract on an image', () => {
  afterAll(async () => {
    if (reports.length > 0) console.log(`\n${renderTable(reports)}`);
    await backing.stop();
    await leftovers.remove();
    work.remove();
  });

  /** Makes the service and its image, and holds it against all that an image can keep. */
  async function keepsAll(options: Options & { stack?: string }, from: string, tag: string): Promise<void> {
    await makeService('orders', from, { ...options, deploy: 'kubernetes' });
    const revision = await commit(from);
    await mustBuild(from, leftovers.image(tag), '--build-arg', `REVISION=${revision}`);
    const name = [options.stack, options.database, options.cache].filter(Boolean).join('+');
    const report = await verify(target(tag, name, from), { backing, parallel: 3 });
    reports.push(report);
    console.log(renderFindings(report));
    // IX-9 is about images that name another signal than SIGTERM, IX-10 about services with workers.
    const left = [...PROCESS_ONLY, 'IX-9', 'IX-10', ...(options.database === 'none' ? STORED : [])];
    expect(idsOf(report, 'broken')).toEqual([]);
    expect(keptIn(report)).toEqual(rules.map(({ id }) => id).filter((id) => !left.includes(id)));
  }

  const [first, ...others] = OPTION_SETS;
  test.each([first, ...rowsOf(others, 'other images against the contract', 3)])(
    'with database $database and cache $cache it keeps every rule that an image can keep',
    { timeout: 600_000 },
    (options) => keepsAll(options, folderOf(options), imageOf(options)),
  );

  // Their programs and their bases are others, and a build takes a minute: one in two commits has one.
  test.for(rowsOf(OTHER_SETS, 'images of other languages against the contract', 2 * OTHER_SETS.length))(
    'so does one in $stack with database $database and cache $cache',
    { timeout: 600_000 },
    async (options, context) => {
      const base = BASES[options.stack]();
      const { code } = await tryDocker('image', 'inspect', base);
      if (code !== 0) return context.skip(`there is no image ${base}: see .ci/stand-in-images.sh`);
      const key = `${options.stack}-${options.database}-${options.cache}`;
      await keepsAll(options, join(work.folder, key, 'orders'), `twelve-e2e-contract:${key}`);
    },
  );

  test('one without a shell keeps what is asked of images', { timeout: 480_000 }, async () => {
    const tag = leftovers.image('twelve-e2e-contract:bare');
    const ids = ['II-2', 'V-2', 'V-3', 'H-1', 'XI-1'];
    await must('docker', ['build', '--tag', tag, '-'], { input: bare(image).join('\n') });
    const report = await verify(target(tag, 'bare'), { watch: quiet, backing, rules: about(ids), parallel: 2 });
    expect(keptIn(report), renderFindings(report)).toEqual(rules.map(({ id }) => id).filter((id) => ids.includes(id)));
  });

  test('no volume of an image stays', { timeout: 480_000 }, async () => {
    const tag = leftovers.image('twelve-e2e-contract:volume');
    await must('docker', ['build', '--tag', tag, '-'], { input: `FROM ${image}\nVOLUME /data` });
    const volumes = async () => (await must('docker', ['volume', 'ls', '--quiet'])).split('\n').filter(Boolean);
    const before = await volumes();
    await verify(target(tag, 'volume'), { watch: quiet, backing, rules: about(['V-1', 'V-3', 'S-2']), parallel: 2 });
    expect((await volumes()).filter((name) => !before.includes(name))).toEqual([]);
  });

  describe.each(mutants)('when $fault', ({ rule: id, lines }) => {
    const broken = leftovers.image(`twelve-e2e-contract:${id.toLowerCase()}`);

    test(`${id} is broken`, { timeout: 480_000 }, async () => {
      await must('docker', ['build', '--tag', broken, '-'], { input: [`FROM ${image}`, ...lines].join('\n') });
      const report = await verify(target(broken, id), {
        watch: quiet,
        backing,
        rules: about(ABOUT_IMAGES),
        parallel: 2,
      });
      reports.push(report);
      expect(idsOf(report, 'broken'), renderFindings(report)).toEqual([id]);
    });
  });
});
