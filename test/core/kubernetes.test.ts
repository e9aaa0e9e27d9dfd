import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { growBy } from '../../engine/core/service/addition.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { hashTree, type Tree } from '../../engine/core/tree.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import { WORKER } from '../../generators/add-worker/addition.ts';
import { renderService } from '../../generators/create/plan.ts';
import {
  type CreateAnswers,
  createContext,
  createVariables,
  parseCreateAnswers,
} from '../../generators/create/questions.ts';
import { STACKS } from '../../stacks/index.ts';
import { ROOT } from '../support/program.ts';
import { ofTree } from '../support/service.ts';

/** The manifests of Kubernetes say what the Dockerfile, the compose file and the configuration of the service say. */
const SETS = ['postgres', 'none'].flatMap((database) =>
  ['redis', 'none'].flatMap((cache) => [
    { database, cache, name: 'orders', registry: '', port: 8080 },
    // A name that YAML takes for something else, unless it is quoted.
    { database, cache, name: 'null', registry: 'ghcr.io/acme', port: 3000 },
  ]),
);

const load = (stack: string) =>
  loadTemplateFolder(join(ROOT, 'templates', stack), { source: 'test', version: '0', variables: createVariables() });

async function render(stack: string, set: object): Promise<Tree> {
  return renderService(load(stack), parseCreateAnswers({ stack, deploy: 'kubernetes', ci: 'none', ...set }));
}

const textOf = (service: Tree, path: string): string =>
  Buffer.from(service.get(path as never)?.content ?? []).toString('utf8');

/** `NAME=value` of each line that is no comment. */
function variablesIn(text: string): Record<string, string> {
  return Object.fromEntries(text.split('\n').flatMap((line) => (/^[A-Z]/.test(line) ? [line.split(/=(.*)/)] : [])));
}

/** Names in `.env.example` below a comment that says this word. */
function documented(example: string, word: 'Required' | 'Secret'): string[] {
  const paragraphs = example.split('\n\n').filter((one) => new RegExp(`\\b${word}\\.`).test(one));
  return paragraphs.flatMap((one) => /^#([A-Z_]+)=/m.exec(one)?.[1] ?? []);
}

// biome-ignore lint/suspicious/noExplicitAny: as a cluster reads it
type Manifest = any;

describe.each(STACKS.map((of) => [of.id, of] as const))('the manifests of a service in %s', (stack, of) => {
  it('are not there unless they are wanted: a service of a version without the question stays as it is', async () => {
    const template = load(stack);
    const { deploy, ...before } = parseCreateAnswers({ stack, name: 'orders', cache: 'redis' });
    expect(deploy).toBe('none');
    const layers = template.layers.filter(({ when }) => !('deploy' in when));
    const older = await renderTemplate({ ...template, layers }, before, createContext(before as CreateAnswers));
    const answers = parseCreateAnswers(before);
    expect(hashTree(await renderTemplate(template, answers, createContext(answers)))).toBe(hashTree(older));
  });

  describe.each(SETS)('with $database, $cache, called $name', (set) => {
    const { name, port, database, cache } = set;
    const made = render(stack, set);
    const read = async (path: string) => textOf(await made, path);
    const manifest = async (path: string): Promise<Manifest> => parse(await read(`deploy/${path}`));
    const compose = async (): Promise<Manifest> => parse(await read(`docker-compose.${name}.yaml`), { merge: true });
    const config = async () => variablesIn(await read('deploy/base/config.env'));
    const deployment = () => manifest('base/deployment.yaml');
    const pods = async (): Promise<Manifest[]> => {
      const job = database === 'postgres' ? [await manifest('base/migrate.yaml')] : [];
      return [await deployment(), ...job].map(({ spec }) => spec.template.spec);
    };
    const containers = async (): Promise<Manifest[]> =>
      (await pods()).flatMap((pod) => [...pod.containers, ...(pod.initContainers ?? [])]);

    it('one port and one name', async () => {
      const [exposed] = /(?<=^EXPOSE )\d+$/m.exec(await read('Dockerfile')) ?? [];
      const { ports } = (await deployment()).spec.template.spec.containers[0];
      const service = await manifest('base/service.yaml');
      expect(Number(exposed)).toBe(port);
      expect(Number((await config()).PORT)).toBe(port);
      expect((await compose()).services[name].environment.PORT).toBe(port);
      expect(ports).toEqual([{ name: 'http', containerPort: port }]);
      expect(service.spec.ports).toEqual([{ name: 'http', port, targetPort: 'http', appProtocol: 'http' }]);
      expect((await manifest('base/network-policy.yaml')).spec.ingress).toEqual([{ ports: [{ port: 'http' }] }]);
      for (const path of ['deployment', 'service', 'service-account', 'disruption-budget', 'network-policy'])
        expect((await manifest(`base/${path}.yaml`)).metadata.name).toBe(name);
      for (const pod of await pods()) expect(pod.serviceAccountName).toBe(name);
    });

    it('liveness as the image asks for it, and readiness as the rolling restart does', async () => {
      const [container] = (await deployment()).spec.template.spec.containers;
      const [, live] = /http:\/\/127\.0\.0\.1:\S+?(\/\w+)"$/m.exec(await read('Dockerfile')) ?? [];
      const [, ready] = /\((\/\w+)\)/.exec(await read('scripts/rolling-restart.sh')) ?? [];
      expect([live, ready]).toEqual(['/livez', '/readyz']);
      expect(container.startupProbe.httpGet).toEqual({ path: live, port: 'http' });
      expect(container.livenessProbe.httpGet).toEqual({ path: live, port: 'http' });
      expect(container.readinessProbe.httpGet).toEqual({ path: ready, port: 'http' });
      // IX-1: it is ready within 60 s of its start.
      expect(container.startupProbe.failureThreshold * container.startupProbe.periodSeconds).toBeGreaterThanOrEqual(60);
    });

    it('the user of the image, without rights, on a file system that it cannot write', async () => {
      const [user] = [...(await read('Dockerfile')).matchAll(/^USER (.*)$/gm)].at(-1)?.slice(1) ?? [];
      const { cap_drop: dropped, read_only: isReadOnly, tmpfs } = (await compose()).services[name];
      for (const { securityContext, volumes, ...pod } of await pods()) {
        expect(`${securityContext.runAsUser}:${securityContext.runAsGroup}`).toBe(user);
        expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
        expect([pod.automountServiceAccountToken, pod.enableServiceLinks]).toEqual([false, false]);
        expect(volumes.filter((one: Manifest) => one.emptyDir)).toEqual([
          { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
        ]);
      }
      for (const { securityContext, volumeMounts } of await containers()) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          capabilities: { drop: dropped },
          readOnlyRootFilesystem: isReadOnly,
        });
        const writable = volumeMounts.filter((one: Manifest) => !one.readOnly);
        expect(writable.map((one: Manifest) => one.mountPath)).toEqual(tmpfs);
      }
    });

    it('time to stop: the cluster waits for longer than the service takes', async () => {
      const { SHUTDOWN_DELAY_MS: delay, SHUTDOWN_TIMEOUT_MS: timeout } = await config();
      const { terminationGracePeriodSeconds: grace, containers: all } = (await deployment()).spec.template.spec;
      expect(grace * 1000).toBeGreaterThan(Number(delay) + Number(timeout));
      // What is in flight may take as long as a handler may.
      const [, handler] = /^#HANDLER_TIMEOUT_MS=(\d+)$/m.exec(await read('.env.example')) ?? [];
      expect(Number(timeout) - Number(delay)).toBeGreaterThanOrEqual(Number(handler));
      expect(all[0].lifecycle).toBeUndefined();
    });

    it('every variable that is required is there, a secret as a file of the Secret', async () => {
      const given = await config();
      const example = await read('.env.example');
      const required = documented(example, 'Required');
      expect(required).toEqual([
        ...(cache === 'redis' ? ['REDIS_URL'] : []),
        ...(database === 'postgres' ? ['DATABASE_URL'] : []),
      ]);
      for (const [variable, value] of Object.entries(given)) {
        const plain = variable.replace(/_FILE$/, '');
        expect(example).toMatch(new RegExp(`^#${plain}=`, 'm'));
        expect(documented(example, 'Secret').includes(plain)).toBe(variable !== plain);
        if (variable !== plain) expect(value).toBe(`/run/secrets/service/${plain}`);
      }
      for (const variable of required) expect(given).toHaveProperty(`${variable}_FILE`);
      const mount = { name: 'secrets', mountPath: '/run/secrets/service', readOnly: true };
      for (const { envFrom, env, volumeMounts } of await containers()) {
        expect([envFrom, env]).toEqual([[{ configMapRef: { name } }], undefined]);
        expect(volumeMounts.filter((one: Manifest) => one.readOnly)).toEqual(required.length > 0 ? [mount] : []);
      }
      for (const { volumes } of await pods())
        expect(volumes.filter((one: Manifest) => one.secret)).toEqual(
          required.length > 0 ? [{ name: 'secrets', secret: { secretName: name } }] : [],
        );
    });

    it('verbs of the service; what it may call; what it may use', async () => {
      const [web, ...others] = (await containers()).map(({ args }) => args.join(' '));
      expect(web).toBe('web');
      expect(others.sort()).toEqual(database === 'postgres' ? ['migrate', 'migrate --status'] : []);
      const { environment, deploy } = (await compose()).services[name];
      const called = [environment.DATABASE_URL, environment.REDIS_URL].flatMap(
        (url) => url?.match(/\d+(?=\/|$)/) ?? [],
      );
      const [{ ports }] = (await manifest('base/network-policy.yaml')).spec.egress;
      const open = ports.map((one: Manifest) => String(one.port));
      expect(open).toEqual(expect.arrayContaining(['53', ...called]));
      expect(open.filter((one: string) => ['5432', '6379'].includes(one))).toEqual(called);
      expect(open.includes('4318')).toBe('OTEL_EXPORTER_OTLP_ENDPOINT' in environment);
      const { limits } = (await deployment()).spec.template.spec.containers[0].resources;
      expect([limits.cpu, limits.memory]).toEqual([deploy.resources.limits.cpus, `${deploy.resources.limits.memory}i`]);
    });

    it('one image, which only an overlay gives a tag or a digest', async () => {
      const { image } = (await compose()).services[name];
      const [bare] = image.split(':$');
      const [, tag] = /_TAG:-(\w+)\}$/.exec(image) ?? [];
      for (const container of await containers()) expect(container.image).toBe(bare);
      expect((await manifest('overlays/development/kustomization.yaml')).images).toEqual([{ name: bare, newTag: tag }]);
      const [pinned] = (await manifest('overlays/production/kustomization.yaml')).images;
      expect(pinned).toEqual({ name: bare, digest: `sha256:${'0'.repeat(64)}` });
    });

    it('web is selected, and the Job never', async () => {
      const web = { 'app.kubernetes.io/component': 'web' };
      const { selector, strategy, replicas, template } = (await deployment()).spec;
      expect([selector.matchLabels, template.metadata.labels]).toEqual([web, web]);
      expect((await manifest('base/service.yaml')).spec.selector).toEqual(web);
      expect((await manifest('base/disruption-budget.yaml')).spec.selector.matchLabels).toEqual(web);
      expect(strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
      // The autoscaler's.
      expect(replicas).toBeUndefined();
      if (database !== 'postgres') return;
      const job = await manifest('base/migrate.yaml');
      expect(job.spec.template.metadata.labels).toEqual({ 'app.kubernetes.io/component': 'migrate' });
      const { maxReplicas } = (await manifest('overlays/production/autoscaler.yaml')).spec;
      const [, pool] = /^#DATABASE_POOL_MAX=(\d+)$/m.exec(await read('.env.example')) ?? [];
      // PostgreSQL takes 100 unless it is told otherwise. One more instance is there during an update.
      expect((maxReplicas + 1) * Number(pool)).toBeLessThan(100);
    });

    it('a worker is the same pod with another verb, and in the list of resources', async () => {
      const before = ofTree(await made);
      const code = { ...of, ...(await of.load()) };
      const template = loadTemplateFolder(join(ROOT, 'templates', stack, 'worker'), {
        source: 'test',
        version: '0',
        variables: WORKER.variables(code),
      });
      const request = { service: before, answers: { name: 'mailer' }, template, stack: code, cwd: '/', now: '' };
      const { additions, attention } = await WORKER.make(request);
      expect(attention).toEqual([]);
      const { tree } = additions.reduce((grown, one) => ofTree(growBy(grown, one).after.tree), before);
      const worker = parse(textOf(tree, 'deploy/base/worker-mailer.yaml'));
      const labels = { 'app.kubernetes.io/component': 'worker-mailer' };
      expect(worker.metadata).toEqual({ name: `${name}-mailer`, labels });
      expect([worker.spec.selector.matchLabels, worker.spec.template.metadata.labels]).toEqual([labels, labels]);
      const { topologySpreadConstraints: _web, containers, ...pod } = (await deployment()).spec.template.spec;
      const { readinessProbe, ...main } = containers[0];
      const { readinessProbe: ready, ...other } = worker.spec.template.spec.containers[0];
      expect({ ...worker.spec.template.spec, containers: [] }).toEqual({ ...pod, containers: [] });
      expect(other).toEqual({ ...main, name: 'worker', args: ['worker', 'mailer'] });
      expect(ready.httpGet).toEqual(readinessProbe.httpGet);
      const { resources } = await manifest('base/kustomization.yaml');
      expect(parse(textOf(tree, 'deploy/base/kustomization.yaml')).resources).toEqual([
        ...resources,
        'worker-mailer.yaml',
      ]);
    });

    it('every file is a resource of its folder', async () => {
      const paths = [...(await made).keys()].filter((path) => path.startsWith('deploy/'));
      for (const folder of ['base', 'overlays/development', 'overlays/production', 'components/metrics']) {
        const { resources } = await manifest(`${folder}/kustomization.yaml`);
        const there = paths.filter((path) => posix.dirname(path) === `deploy/${folder}` && path.endsWith('.yaml'));
        const listed = resources.filter((one: string) => one !== '../../base');
        expect(listed.toSorted()).toEqual(
          there
            .map((path) => posix.basename(path))
            .filter((one) => one !== 'kustomization.yaml')
            .toSorted(),
        );
      }
    });
  });
});
