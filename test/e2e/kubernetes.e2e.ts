import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { linter } from './support/linters.ts';
import { must, run } from './support/run.ts';
import { bin, makeService, type Options, products, workFolder } from './support/service.ts';

const work = workFolder();
afterAll(work.remove);

/** Every option set; and two that differ most in other languages, which have grown. */
const sets: readonly Options[] = [
  ...products.map(([, product]) => product),
  { database: 'postgres', cache: 'redis', stack: 'go', registry: 'ghcr.io/acme' },
  { database: 'none', cache: 'none', stack: 'python', registry: 'ghcr.io/acme' },
];

/** What linters say of our manifests, each with the reason why it stays. */
const LOW_USER =
  'the user of the image, which every linter of images wants as a number; no folder of the host is mounted';
const PULLED = 'a digest names one image, and a node that has it needs no registry to start it';
const SPREAD = 'topologySpreadConstraints do that, and leave an update somewhere to go in a small cluster';
const WORKER = 'a worker has one instance, and gives back what it was at when it is stopped';
const ONE = 'development is one instance of an image that was built here';
const IGNORED = {
  'kube-score': {
    production: {
      'container-image-pull-policy': PULLED,
      'container-security-context-user-group-id': LOW_USER,
      'deployment-has-host-podantiaffinity': SPREAD,
      'deployment-has-poddisruptionbudget': WORKER,
    },
    development: {
      'container-image-pull-policy': ONE,
      'container-security-context-user-group-id': LOW_USER,
      'deployment-has-host-podantiaffinity': ONE,
      'deployment-has-poddisruptionbudget': WORKER,
      'deployment-replicas': ONE,
    },
  },
  checkov: {
    production: { CKV_K8S_40: LOW_USER },
    development: { CKV_K8S_15: ONE, CKV_K8S_40: LOW_USER, CKV_K8S_43: ONE },
  },
} as const;

const OVERLAYS = ['development', 'production'] as const;
const built: string[] = [];
const builtBy = (overlay: string) => built.filter((file) => file.endsWith(`${overlay}.yaml`));

const kustomize = async (...args: string[]) => must(await linter('kustomize'), args);

/** Writes what an overlay gives into a file of its own. */
async function build(dir: string, overlay: string): Promise<string> {
  const file = join(work.folder, `${basename(dir)}-${overlay}.yaml`);
  writeFileSync(file, await kustomize('build', join(dir, 'deploy/overlays', overlay)));
  return file;
}

// biome-ignore lint/suspicious/noExplicitAny: as a cluster reads it
const objects = (file: string): any[] => parseAllDocuments(readFileSync(file, 'utf8')).map((one) => one.toJS());

beforeAll(async () => {
  for (const [at, options] of sets.entries()) {
    const dir = join(work.folder, `orders-${at}`);
    await makeService('orders', dir, { ...options, deploy: 'kubernetes' });
    if (options.registry) {
      await must(process.execPath, [bin, 'add-worker', 'mailer', '--dir', dir, '--yes']);
      await must(process.execPath, [bin, 'add-client', 'payments', '--dir', dir, '--yes']);
    }
    for (const overlay of OVERLAYS) built.push(await build(dir, overlay));
  }
});

test('they are valid by the schemas of Kubernetes, which refuse what they do not know', async () => {
  const validate = await linter('kubernetes-validate');
  const { code, stdout, stderr } = await run(validate, ['--strict', ...built]);
  expect(code, stdout + stderr).toBe(0);
  const wrong = join(work.folder, 'wrong.yaml');
  writeFileSync(wrong, readFileSync(built[0] ?? '', 'utf8').replace('runAsNonRoot:', 'runAsNoRoot:'));
  expect((await run(validate, ['--strict', wrong])).code).toBe(1);
});

describe.each(OVERLAYS)('what a linter says of %s is what is ignored with a reason', (overlay) => {
  test('kube-score', async () => {
    const { stdout } = await run(await linter('kube-score'), ['score', '-o', 'json', ...builtBy(overlay)]);
    const checks: { check: { id: string }; grade: number; skipped: boolean }[] = JSON.parse(stdout).flatMap(
      ({ checks }: { checks: [] }) => checks,
    );
    expect(checks.length).toBeGreaterThan(100);
    const bad = checks.filter(({ grade, skipped }) => !skipped && grade < 10).map(({ check }) => check.id);
    expect([...new Set(bad)].sort()).toEqual(Object.keys(IGNORED['kube-score'][overlay]).sort());
  });

  test('checkov', async () => {
    const files = builtBy(overlay).flatMap((file) => ['--file', file]);
    const args = ['--framework', 'kubernetes', '--skip-download', '--quiet', '--compact', '--output', 'json', ...files];
    const { stdout, stderr } = await run(await linter('checkov'), args);
    const { summary, results } = JSON.parse(stdout);
    expect(summary.passed, stderr).toBeGreaterThan(100);
    const bad: string[] = results.failed_checks.map((one: { check_id: string }) => one.check_id);
    expect([...new Set(bad)].sort()).toEqual(Object.keys(IGNORED.checkov[overlay]).sort());
  });
});

test('what belongs together finds each other, and nothing has the name of another stage', () => {
  for (const file of built) {
    const all = objects(file);
    const of = (kind: string) => all.find((one) => one.kind === kind && !/mailer/.test(one.metadata.name));
    const { template } = of('Deployment').spec;
    const { labels } = template.metadata;
    for (const selector of [
      of('Deployment').spec.selector.matchLabels,
      of('Service').spec.selector,
      of('PodDisruptionBudget').spec.selector.matchLabels,
      of('NetworkPolicy').spec.podSelector.matchLabels,
      template.spec.topologySpreadConstraints[0].labelSelector.matchLabels,
    ])
      expect(labels, file).toMatchObject(selector);
    const job = of('Job')?.spec.template.metadata.labels;
    if (job) {
      expect(job['app.kubernetes.io/component']).not.toBe(of('Service').spec.selector['app.kubernetes.io/component']);
      expect(job).toMatchObject(of('NetworkPolicy').spec.podSelector.matchLabels);
    }
    const worker = all.find((one) => one.metadata.name === 'orders-mailer')?.spec.template.metadata.labels;
    if (worker) {
      expect(worker['app.kubernetes.io/component']).toBe('worker-mailer');
      expect(worker).toMatchObject(of('NetworkPolicy').spec.podSelector.matchLabels);
      expect(of('ConfigMap').data.PAYMENTS_URL).toBe('http://payments.payments:8080');
    }
    // A change of the configuration starts new pods: its name has a hash of what is in it.
    const config = of('ConfigMap').metadata.name;
    expect(config).toMatch(/^orders-[a-z0-9]{10}$/);
    for (const { envFrom } of [...template.spec.containers, ...(template.spec.initContainers ?? [])])
      expect(envFrom).toEqual([{ configMapRef: { name: config } }]);
    expect(all.map((one) => one.metadata.namespace)).toEqual(all.map(() => 'orders'));
    for (const one of all) expect(one.metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'orders' });
    expect(all.some((one) => one.kind === 'HorizontalPodAutoscaler')).toBe(file.endsWith('production.yaml'));
  }
});

test('a release puts digest and commit everywhere, and the Job of the last one away; metrics are one line more', async () => {
  const dir = join(work.folder, 'orders-0');
  const overlay = join(dir, 'deploy/overlays/production');
  const script = join(dir, 'deploy/release.sh');
  const image = `ghcr.io/acme/orders@sha256:${'ab'.repeat(32)}`;
  const tools = join(work.folder, 'tools');
  mkdirSync(tools);
  symlinkSync(await linter('kustomize'), join(tools, 'kustomize'));
  writeFileSync(join(tools, 'kubectl'), `#!/bin/sh\necho "$*" >>${join(tools, 'calls')}\n`, { mode: 0o755 });
  await must(script, [image, 'abc123'], { env: { PATH: `${tools}:${process.env.PATH}` } });
  expect(readFileSync(join(tools, 'calls'), 'utf8').split('\n')).toEqual([
    '--namespace orders delete job orders-migrate --ignore-not-found',
    'apply --kustomize .',
    '--namespace orders rollout status deployment --selector app.kubernetes.io/name=orders --timeout 10m',
    '',
  ]);
  const { code, stdout } = await run(await linter('shellcheck'), [script]);
  expect(code, stdout).toBe(0);

  const file = join(overlay, 'kustomization.yaml');
  const edited = readFileSync(file, 'utf8');
  expect(edited).toContain('# components:');
  writeFileSync(file, edited.replace('# components:', 'components:'));
  const all = objects(await build(dir, 'production'));
  const pods = all.flatMap(({ spec }) => spec?.template?.spec ?? []);
  const containers = pods.flatMap((pod) => [...pod.containers, ...(pod.initContainers ?? [])]);
  expect(containers.map((one) => one.image)).toEqual([image, image, image]);
  for (const { metadata } of all)
    expect(metadata.annotations).toEqual({ 'org.opencontainers.image.revision': 'abc123' });
  const monitor = all.find(({ kind }) => kind === 'ServiceMonitor');
  const service = all.find(({ kind }) => kind === 'Service');
  expect(service.metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
  expect(monitor.spec.endpoints).toEqual([{ port: service.spec.ports[0].name, path: '/metrics' }]);
});
