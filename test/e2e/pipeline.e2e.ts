import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { baseImages, goImage, pythonImage } from './support/docker.ts';
import { linter } from './support/linters.ts';
import { type Result, run } from './support/run.ts';
import { commit, makeService, type Options, products, workFolder } from './support/service.ts';

const work = workFolder();
afterAll(work.remove);

/** Every option set, and in another language those that have all parts of a pipeline, and none. */
const sets: readonly (readonly [title: string, options: Options])[] = [
  ...products,
  ['Go, PostgreSQL and Redis', { database: 'postgres', cache: 'redis', stack: 'go', deploy: 'kubernetes' }],
  ['Go alone', { database: 'none', cache: 'none', stack: 'go' }],
  ['Python, PostgreSQL and Redis', { database: 'postgres', cache: 'redis', stack: 'python' }],
  ['Python alone', { database: 'none', cache: 'none', stack: 'python', deploy: 'kubernetes' }],
];

const schemas = {
  renovate: ['--builtin-schema', 'vendor.renovate'],
  workflow: ['--builtin-schema', 'vendor.github-workflows'],
  // GitLab's own !reference tags are not YAML, hence the transform.
  gitlab: ['--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci'],
};

async function fits(schema: keyof typeof schemas, file: string): Promise<Result> {
  return run(await linter('check-jsonschema'), [...schemas[schema], file]);
}

/** Images that a pipeline names, by their first word. */
function imagesIn(text: string, name: string): string[] {
  const found = text.matchAll(new RegExp(`(?:image|name): (${name}:\\S+)`, 'g'));
  return [...new Set([...found].map(([, image]) => image ?? ''))];
}

/** The pipeline names what compose and the Dockerfile name, and nothing of an option that was not chosen. */
function namesTheSameVersions(text: string, { database, cache, stack }: Options): void {
  const base = baseImages();
  expect(imagesIn(text, 'node')).toEqual(stack === undefined ? [base.node] : []);
  expect(imagesIn(text, 'golang')).toEqual(stack === 'go' ? [goImage()] : []);
  expect(imagesIn(text, 'python')).toEqual(stack === 'python' ? [pythonImage()] : []);
  expect(imagesIn(text, 'postgres')).toEqual(database === 'postgres' ? [base.postgres] : []);
  expect(imagesIn(text, 'redis')).toEqual(cache === 'redis' ? [base.redis] : []);
  expect(/postgres|DATABASE|migrat/i.test(text)).toBe(database === 'postgres');
  expect(/redis/i.test(text)).toBe(cache === 'redis');
}

describe.each(sets)('GitHub pipeline with %s', (title, options) => {
  const dir = join(work.folder, `github-${title.replaceAll(/\W+/g, '-')}`);
  const ci = join(dir, '.github/workflows/ci.yml');
  const verify = join(dir, '.github/workflows/verify.yml');

  const actionlint = async () =>
    run(await linter('actionlint'), ['-no-color', '-shellcheck', await linter('shellcheck')], { cwd: dir });
  const zizmor = async () =>
    run(await linter('zizmor'), ['--offline', '--no-progress', '--color', 'never', '.'], { cwd: dir });

  beforeAll(async () => {
    await makeService('orders', dir, { ...options, ci: 'github' });
    await commit(dir);
  });

  test('is clean under actionlint, shellcheck and the published schema', async () => {
    const { code, stdout } = await actionlint();
    expect(stdout).toBe('');
    expect(code).toBe(0);
    for (const file of [ci, verify]) {
      const result = await fits('workflow', file);
      expect(result.code, result.stdout).toBe(0);
    }
  });

  test('is clean under zizmor', async () => {
    const { code, stdout, stderr } = await zizmor();
    expect(code, stdout + stderr).toBe(0);
  });

  test('pins every action by commit, grants nothing by default, keeps no credentials', () => {
    for (const file of [ci, verify]) {
      const text = readFileSync(file, 'utf8');
      const actions = [...text.matchAll(/uses: (?!\.\/)(\S+)(.*)/g)];
      expect(actions.length).toBeGreaterThan(0);
      for (const [, action, comment] of actions) {
        expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
        expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
      }
      const { permissions, jobs } = parse(text);
      expect(permissions).toEqual({});
      for (const job of Object.values<{ steps?: { uses?: string; with?: Record<string, unknown> }[] }>(jobs)) {
        for (const step of job.steps ?? []) {
          if (step.uses?.startsWith('actions/checkout@')) expect(step.with?.['persist-credentials']).toBe(false);
        }
      }
    }
  });

  test('runs in the order verify, image, contract and scan, push; scans without a permission, pushes by commit from main alone', () => {
    const { jobs } = parse(readFileSync(ci, 'utf8'));
    const needs = Object.entries<{ needs?: string | string[] }>(jobs).map(([name, job]) => [job.needs, name]);
    expect(needs).toEqual([
      [undefined, 'verify'],
      ['verify', 'image'],
      ['image', 'contract'],
      ['image', 'scan'],
      [['contract', 'scan'], 'push'],
      ...(options.deploy === 'kubernetes' ? [['push', 'deploy']] : []),
    ]);
    if (options.deploy === 'kubernetes') {
      // Off until a variable names the cluster, after what was pushed from main, and without a secret.
      expect(jobs.deploy.if).toBe("vars.CLUSTER != ''");
      expect(jobs.deploy.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
      expect(JSON.stringify(jobs.deploy)).not.toMatch(/secrets\./);
      expect(jobs.push.outputs.image).toMatch(/image \}\}@\$\{\{ steps\.push\.outputs\.digest \}\}$/);
    }
    expect(jobs.scan.permissions).toEqual({});
    expect(JSON.stringify(jobs.scan)).not.toMatch(/secrets|token/i);
    expect(jobs.contract.permissions).toEqual({ contents: 'read' });
    expect(JSON.stringify(jobs.contract)).not.toMatch(/secrets|token/i);
    expect(jobs.push.if).toBe("github.event_name == 'push' && github.ref == 'refs/heads/main'");
    const image = jobs.image.steps.find((step: { uses?: string }) =>
      step.uses?.startsWith('docker/build-push-action@'),
    );
    expect(image.with).toMatchObject({ provenance: 'mode=max', sbom: true, 'cache-from': 'type=gha' });
    expect(image.with['cache-to']).toMatch(/^type=gha,mode=max/);
    const verifyJobs = parse(readFileSync(verify, 'utf8')).jobs;
    expect(Object.keys(verifyJobs)).toEqual(options.database === 'postgres' ? ['check', 'migrations'] : ['check']);
  });

  test('names the versions of compose and the Dockerfile, and nothing of an option that was not chosen', () => {
    namesTheSameVersions(readFileSync(verify, 'utf8'), options);
  });

  test('Renovate pins what nobody has resolved yet', async () => {
    const file = join(dir, 'renovate.json');
    const { code, stdout } = await fits('renovate', file);
    expect(code, stdout).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8')).extends).toContain('config:best-practices');
  });

  test.each([
    ['zizmor', 'credentials that are kept', ci, /\n +with:\n +persist-credentials: false/, ''],
    ['zizmor', 'an action that is not pinned', ci, /@3d3c42e5\w+ # v7\.0\.1/, '@main'],
    ['actionlint', 'a job that needs no job', ci, 'needs: [contract, scan]', 'needs: [contract, scna]'],
    ['actionlint', 'a key that does not exist', verify, 'timeout-minutes:', 'timeout-minuts:'],
  ] as const)('%s notices %s', async (tool, _what, file, from, to) => {
    const before = readFileSync(file, 'utf8');
    const broken = before.replace(from, to);
    expect(broken).not.toBe(before);
    writeFileSync(file, broken);
    const { code } = await (tool === 'zizmor' ? zizmor() : actionlint());
    writeFileSync(file, before);
    expect(code).not.toBe(0);
  });
});

describe.each(sets)('GitLab pipeline with %s', (title, options) => {
  const dir = join(work.folder, `gitlab-${title.replaceAll(/\W+/g, '-')}`);
  const file = join(dir, '.gitlab-ci.yml');

  beforeAll(() => makeService('orders', dir, { ...options, ci: 'gitlab' }));

  test("fits GitLab's published schema", async () => {
    const { code, stdout } = await fits('gitlab', file);
    expect(code, stdout).toBe(0);
  });

  test("GitLab's schema notices a key that does not exist", async () => {
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('interruptible:', 'interuptible:'));
    const { code } = await fits('gitlab', file);
    writeFileSync(file, before);
    expect(code).not.toBe(0);
  });

  test('every job has a stage, in the order check, migrations, image, contract, scan, push; push from the default branch alone', () => {
    const { stages, workflow, default: defaults, variables, standard, ...jobs } = parse(readFileSync(file, 'utf8'));
    const used = Object.values<{ stage: string }>(jobs).map(({ stage }) => stage);
    expect(used).toEqual(stages);
    const isDeployed = options.deploy === 'kubernetes';
    const all = ['check', 'migrations', 'image', 'contract', 'scan', 'push', ...(isDeployed ? ['deploy'] : [])];
    expect(stages).toEqual(options.database === 'postgres' ? all : all.filter((stage) => stage !== 'migrations'));
    if (isDeployed) {
      // Off until a variable names the cluster, and by the digest that was pushed.
      expect(jobs.deploy.rules).toEqual([{ if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $KUBE_CONTEXT' }]);
      expect(jobs.push.script.join('\n')).toMatch(/--digestfile digest[\s\S]*PUSHED=\S+@\$\(cat digest\)/);
      expect(jobs.push.artifacts).toEqual({ reports: { dotenv: 'pushed.env' } });
      expect(jobs.deploy.script.at(-1)).toBe('deploy/release.sh "$PUSHED" "$CI_COMMIT_SHA"');
    }
    expect(jobs.push.rules).toEqual([{ if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' }]);
    expect(standard.rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "schedule" && $STANDARD_TOKEN' }]);
    expect(jobs.scan.inherit).toEqual({ variables: false });
    expect(jobs.contract.script.join('\n')).toMatch(/verify \. --image orders:contract/);
    expect(jobs['build-image'].script.join('\n')).toMatch(/--provenance mode=max --sbom true/);
    expect(jobs['build-image'].variables.RUNNER_GENERATE_ARTIFACTS_METADATA).toBe('true');
  });

  test('names the versions of compose and the Dockerfile, and nothing of an option that was not chosen', () => {
    namesTheSameVersions(readFileSync(file, 'utf8'), options);
  });

  test('Renovate pins what nobody has resolved yet', async () => {
    const { code, stdout } = await fits('renovate', join(dir, 'renovate.json'));
    expect(code, stdout).toBe(0);
  });
});
