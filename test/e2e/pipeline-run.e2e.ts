import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { shareNumber } from '../support/share.ts';
import { Advisories, VULNERABILITY } from './support/advisories.ts';
import { buildSecrets, describeWithEngine, goImage, Leftovers, pythonImage, tryDocker } from './support/docker.ts';
import { Job, type Service } from './support/jobs.ts';
import { credentials, Registry } from './support/registry.ts';
import { rowsOf } from './support/rows.ts';
import { must, type Result, run } from './support/run.ts';
import { bin, commit, makeService, type Options, products, workFolder } from './support/service.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const JOB_MS = 300_000;
const work = workFolder();
const leftovers = new Leftovers();
const registry = new Registry();
const backing = new Backing();
const cache = join(work.folder, 'cache');
const advisories = new Advisories();

/** What a suite without a hosted runner cannot run, and why. Everything else of a pipeline is run. */
const notRun = {
  'actions/upload-artifact': 'hands image.tar to the next job; here the folder stays',
  'actions/download-artifact': 'takes image.tar from the job before; here the folder stays',
  'docker/setup-buildx-action': 'pulls BuildKit as an image; here the engine has it inside',
  'aquasecurity/trivy-action': 'downloads its database of vulnerabilities',
  'actions/attest-build-provenance': "signs with the runner's identity",
} as const;

type Step = { name?: string; run?: string; uses?: string; id?: string; with?: Record<string, unknown> };

/** Every option set, and one of each other language: what differs there is how it is built, checked and started. */
const onGitHub: readonly (readonly [title: string, options: Options])[] = [
  ...products,
  ['Python, database postgres, cache redis', { stack: 'python', database: 'postgres', cache: 'redis' }],
  ['Go, database postgres, cache none', { stack: 'go', database: 'postgres', cache: 'none' }],
];
const BASES: Record<string, () => string> = { go: goImage, python: pythonImage };

/** A fresh checkout of the commit, as a runner has it: also where a test is tried again. */
async function checkout(dir: string, to: string): Promise<string> {
  rmSync(to, { recursive: true, force: true });
  await must('git', ['clone', '--quiet', dir, to]);
  return to;
}

function passes({ code, stdout, stderr }: Result, what: string): void {
  expect(code, `${what}\n${stdout.slice(-6000)}\n${stderr.slice(-6000)}`).toBe(0);
}

/**
 * What build-push-action, and GitLab's build, make with BuildKit in a container: one OCI archive. The engine's own BuildKit
 * cannot write one with SBOM and provenance, so it builds the same image, which is then converted.
 */
async function buildArchive(folder: string, tag: string, buildArgs: string[]): Promise<void> {
  console.info('image.tar is built without SBOM and provenance: these need BuildKit in a container, which is pulled');
  const args = buildArgs.flatMap((each) => ['--build-arg', each]);
  await must('docker', ['build', '--quiet', ...buildSecrets(), ...args, '--tag', leftovers.image(tag), '.'], {
    cwd: folder,
  });
  await must('docker', ['save', '--output', 'docker.tar', tag], { cwd: folder });
  await must('skopeo', ['copy', '--quiet', `docker-archive:docker.tar:${tag}`, 'oci-archive:image.tar'], {
    cwd: folder,
  });
}

/**
 * What a runner has for the job `contract`: `npx` that gets this program, which is not published yet, and the servers that
 * stand beside the job.
 * @param isWhole whether all rules are looked at, as contract-image does for every option set; else two of them
 */
async function contractEnvironment(
  { database, cache }: { database: string; cache: string },
  isWhole: boolean,
): Promise<Record<string, string>> {
  const shims = join(work.folder, isWhole ? 'shims-whole' : 'shims');
  mkdirSync(shims, { recursive: true });
  const rules = isWhole ? '' : ' --rule V-1 --rule H-1';
  const npx = `#!/bin/sh\n[ "$2" = "create-twelve-service@${version}" ] || exit 5\nshift 2\nexec "${process.execPath}" "${bin}" "$@"${rules}\n`;
  writeFileSync(join(shims, 'npx'), npx, { mode: 0o755 });
  return {
    PATH: `${shims}:${process.env.PATH}`,
    ...(database === 'postgres' ? { DATABASE_URL: (await (await backing.postgres()).createDatabase()).url } : {}),
    ...(cache === 'redis' && backing.hasRedis ? { REDIS_URL: (await backing.redis()).freshUrl() } : {}),
  };
}

/** What skopeo makes of a Docker image has no HEALTHCHECK: the archive that BuildKit writes has one. */
async function keepHealthCheck(built: string): Promise<void> {
  console.info('the image is looked at as it was built: image.tar, converted here, has lost its HEALTHCHECK');
  await must('docker', ['tag', built, leftovers.image('orders:contract')]);
}

async function pushed(reference: string): Promise<{ Digest: string; Labels: Record<string, string> }> {
  return JSON.parse(await must('skopeo', ['inspect', `docker://${reference}`], { env: registry.env }));
}

describeWithEngine('pipelines, command for command', () => {
  beforeAll(async () => {
    await registry.start(join(work.folder, 'registry'));
    await advisories.start();
  });
  afterAll(async () => {
    await advisories.stop();
    await backing.stop();
    await registry.stop();
    await leftovers.remove();
    work.remove();
  });

  describe.each(rowsOf(onGitHub, 'pipelines of GitHub', onGitHub.length))('GitHub with %s', (title, options) => {
    const { stack = 'typescript' } = options;
    const key = title.replaceAll(/\W+/g, '-');
    const dir = join(work.folder, `github-${key}`);
    let sha: string;
    // biome-ignore lint/suspicious/noExplicitAny: a workflow, as YAML has it
    let verify: Record<string, any>;

    beforeAll(async () => {
      await makeService('orders', dir, { ...options, ci: 'github' });
      sha = await commit(dir);
      verify = parse(readFileSync(join(dir, '.github/workflows/verify.yml'), 'utf8')).jobs;
    });

    for (const name of options.database === 'postgres' ? ['check', 'migrations'] : ['check']) {
      test(`verify.yml: ${name}`, { timeout: stack === 'typescript' ? JOB_MS : 6 * JOB_MS }, async (context) => {
        if (stack === 'go' && name === 'check' && shareNumber() !== undefined)
          return context.skip('it compiles all packages for the race detector: TWELVE_SHARE=all runs it');
        const { container, services = {}, env = {}, steps } = verify[name];
        if ((await tryDocker('image', 'inspect', container.image)).code !== 0)
          return context.skip(`there is no image ${container.image}: see .ci/stand-in-images.sh`);
        const beside = Object.entries<Omit<Service, 'alias' | 'options'> & { options?: string }>(services).map(
          ([alias, service]) => ({
            alias,
            image: service.image,
            env: service.env ?? {},
            options: words(service.options ?? ''),
          }),
        );
        const folder = await checkout(dir, join(work.folder, `github-${key}-${name}`));
        const job = new Job(`twelve-e2e-github-${name}`);
        try {
          await job.start(container.image, folder, beside, cache);
          for (const step of steps as Step[]) {
            if (step.uses?.startsWith('actions/checkout@')) continue;
            if (step.run === undefined) throw new Error(`nobody knows how to run ${step.uses}`);
            const given = { ...env, ...advisories.env, GITHUB_SHA: sha };
            passes(await job.sh(step.run, given), step.run);
            if (step.run !== 'make vulnerable') continue;
            advisories.knowsOne = true;
            const told = await job.sh(step.run, given);
            advisories.knowsOne = false;
            expect([told.code === 0, told.stdout + told.stderr]).toEqual([
              false,
              expect.stringContaining(VULNERABILITY),
            ]);
          }
        } finally {
          await job.remove();
        }
      });
    }

    test('ci.yml: image, contract, scan, push', { timeout: JOB_MS }, async (context) => {
      const base = BASES[stack]?.();
      if (base !== undefined && (await tryDocker('image', 'inspect', base)).code !== 0)
        return context.skip(`there is no image ${base}: see .ci/stand-in-images.sh`);
      const { jobs } = parse(readFileSync(join(dir, '.github/workflows/ci.yml'), 'utf8'));
      const folder = await checkout(dir, join(work.folder, `github-${key}-image`));
      const output = join(work.folder, `github-${key}-output`);
      writeFileSync(output, '');
      const image = `${registry.host}/Acme/orders-${key}`;
      const env = {
        ...registry.env,
        ...(await contractEnvironment(options, options === products[0]?.[1])),
        GITHUB_SHA: sha,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: join(work.folder, `github-${key}-summary.md`),
        IMAGE: image,
        REGISTRY_USER: credentials.user,
        REGISTRY_TOKEN: credentials.password,
      };
      const outputs = () =>
        Object.fromEntries(
          readFileSync(output, 'utf8')
            .trim()
            .split('\n')
            .map((line) => line.split('=')),
        );
      for (const step of ['image', 'contract', 'scan', 'push'].flatMap((name) => jobs[name].steps as Step[])) {
        const action = step.uses?.split('@')[0];
        if (step.run?.includes('verify .')) {
          const [copy = '', load = '', ...verification] = step.run.trim().split('\n');
          const sh = async (input: string) => passes(await run('bash', ['-e'], { cwd: folder, env, input }), input);
          await sh(`${copy}\n${load}`);
          await keepHealthCheck(`twelve-e2e-github:${key}`);
          await sh(verification.join('\n'));
          expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toContain('keeps the contract');
        } else if (step.run !== undefined) {
          passes(await run('bash', ['-e'], { cwd: folder, env, input: step.run }), step.run);
        } else if (action === 'docker/build-push-action') {
          expect(step.with?.outputs).toBe('type=oci,dest=image.tar');
          const values = { 'github.sha': sha, 'steps.package.outputs.version': outputs().version };
          const buildArgs = filled(String(step.with?.['build-args']), {
            ...values,
            'github.server_url': 'https://example.org',
            'github.repository': 'Acme/orders',
          });
          await buildArchive(folder, `twelve-e2e-github:${key}`, buildArgs.trim().split('\n'));
        } else if (action === undefined || (action !== 'actions/checkout' && !(action in notRun))) {
          throw new Error(`nobody knows how to run ${action}`);
        }
      }
      expect(existsSync(join(folder, 'layout/index.json')), 'what the scanner reads').toBe(true);
      const version = versionOf(dir);
      const { Digest, Labels } = await pushed(`${image.toLowerCase()}:${sha}`);
      expect(outputs()).toEqual({ version, image: image.toLowerCase(), digest: Digest });
      expect(Labels).toMatchObject({
        'org.opencontainers.image.revision': sha,
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.source': 'https://example.org/Acme/orders',
      });
    });
  });

  // All and nothing: what GitLab's jobs run is what GitHub's run above, on every option set.
  const onGitLab = products.filter((_, index) => index % 3 === 0);
  describe.each(rowsOf(onGitLab, 'pipelines of GitLab', 2))('GitLab with %s', (title, options) => {
    const key = title.replaceAll(/\W+/g, '-');
    const dir = join(work.folder, `gitlab-${key}`);
    let sha: string;
    // biome-ignore lint/suspicious/noExplicitAny: a pipeline, as YAML has it
    let pipeline: Record<string, any>;

    beforeAll(async () => {
      await makeService('orders', dir, { ...options, ci: 'gitlab' });
      sha = await commit(dir);
      pipeline = parse(readFileSync(join(dir, '.gitlab-ci.yml'), 'utf8'));
    });

    for (const name of options.database === 'postgres' ? ['check', 'migrations'] : ['check']) {
      test(name, { timeout: JOB_MS }, async () => {
        const { services = [], script } = pipeline[name];
        const env = pipeline.variables ?? {};
        const beside = (services as { name: string; alias: string }[]).map(({ name: image, alias }) => ({
          alias,
          image,
          env,
          options: [],
        }));
        const folder = await checkout(dir, join(work.folder, `gitlab-${key}-${name}`));
        const job = new Job(`twelve-e2e-gitlab-${name}`);
        try {
          await job.start(pipeline.default.image, folder, beside, cache);
          // One shell for all lines, as GitLab's runner has it.
          passes(await job.sh((script as string[]).join('\n'), env), name);
        } finally {
          await job.remove();
        }
      });
    }

    test('build-image, contract, scan, push', { timeout: JOB_MS }, async () => {
      const folder = await checkout(dir, join(work.folder, `gitlab-${key}-image`));
      const variables = {
        CI_COMMIT_SHA: sha,
        CI_DEFAULT_BRANCH: 'main',
        CI_PROJECT_URL: 'https://example.org/acme/orders',
        CI_REGISTRY: registry.host,
        CI_REGISTRY_IMAGE: `${registry.host}/gitlab/orders-${key}`,
        CI_REGISTRY_USER: credentials.user,
        CI_REGISTRY_PASSWORD: credentials.password,
      };
      const at = { cwd: folder, env: { ...registry.env, ...variables } };
      const [, , version, layers, build, ...more] = pipeline['build-image'].script as string[];
      expect(more).toEqual([]);
      // The shell expands the arguments of the real command; printf shows them one a line.
      const shown = await must('sh', ['-e'], {
        ...at,
        input: `${version}\n${layers?.replace('docker login', '>&2 skopeo login')}\n${build?.replace('docker buildx build', "printf '%s\\n'")}`,
      });
      const words = shown.split('\n');
      expect(words.slice(0, 6)).toEqual([
        '--provenance',
        'mode=max',
        '--sbom',
        'true',
        '--output',
        'type=oci,dest=image.tar',
      ]);
      expect(words.slice(6, 8)).toEqual(['--cache-from', `type=registry,ref=${variables.CI_REGISTRY_IMAGE}/cache`]);
      expect(words).not.toContain('--cache-to');
      await buildArchive(
        folder,
        `twelve-e2e-gitlab:${key}`,
        words.filter((_, index) => words[index - 1] === '--build-arg'),
      );
      const [apk, copy, load, verification, ...rest] = pipeline.contract.script as string[];
      expect(rest).toEqual([]);
      expect(apk).toBe('apk add --no-cache skopeo');
      const verifying = /(version=.*npx .*verify .*)'$/.exec(verification ?? '')?.[1];
      expect(verification).toContain(pipeline.default.image);
      passes(await run('sh', ['-e'], { ...at, input: `${copy}\n${load}` }), 'contract');
      await keepHealthCheck(`twelve-e2e-gitlab:${key}`);
      const contract = { ...at.env, ...(await contractEnvironment({ database: 'none', cache: 'none' }, false)) };
      passes(await run('bash', ['-e'], { ...at, env: contract, input: verifying ?? 'false' }), 'contract');
      expect(readFileSync(join(folder, 'contract.xml'), 'utf8')).toContain('failures="0"');
      const [mkdir, tar, trivy, ...others] = pipeline.scan.script as string[];
      expect(others).toEqual([]);
      expect(trivy).toMatch(/^trivy image --input layout .*--exit-code 1$/);
      passes(await run('sh', ['-e'], { ...at, input: `${mkdir}\n${tar}` }), 'scan');
      expect(existsSync(join(folder, 'layout/index.json')), 'what the scanner reads').toBe(true);
      passes(await run('sh', ['-e'], { ...at, input: pipeline.push.script.join('\n') }), 'push');
      const packageJson = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
      expect((await pushed(`${variables.CI_REGISTRY_IMAGE}:${sha}`)).Labels).toMatchObject({
        'org.opencontainers.image.revision': sha,
        'org.opencontainers.image.version': packageJson.version,
        'org.opencontainers.image.source': 'https://example.org/acme/orders',
      });
    });
  });

  test('the migration gate fails on a migration that cannot be reverted', { timeout: JOB_MS }, async () => {
    const dir = join(work.folder, 'gate');
    await makeService('orders', dir, { database: 'postgres', cache: 'none', ci: 'gitlab' });
    writeFileSync(join(dir, 'migrations/9999_one_way.up.sql'), 'CREATE TABLE one_way (id int);\n');
    writeFileSync(join(dir, 'migrations/9999_one_way.down.sql'), 'DROP TABLE another_way;\n');
    const { variables, migrations, default: defaults } = parse(readFileSync(join(dir, '.gitlab-ci.yml'), 'utf8'));
    const [service] = migrations.services;
    const job = new Job('twelve-e2e-gate');
    try {
      const postgres = { alias: service.alias, image: service.name, env: variables, options: [] };
      await job.start(defaults.image, dir, [postgres], cache);
      const { code, stdout } = await job.sh(migrations.script.join('\n'), variables);
      expect(code).toBe(1);
      expect(stdout).toContain('another_way');
    } finally {
      await job.remove();
    }
  });
});

/** The version of a service, from where its language has it. */
function versionOf(dir: string): string {
  const plain = ['VERSION', 'src/service/VERSION'].map((name) => join(dir, name)).find(existsSync);
  return plain === undefined
    ? JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).version
    : readFileSync(plain, 'utf8').trim();
}

/** Splits a workflow's `options` into words, as a shell does with double quotes. */
function words(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** Fills in the expressions of a workflow that are names of `values`; any other one is an error. */
function filled(text: string, values: Record<string, string | undefined>): string {
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${name}`);
    return value;
  });
}
