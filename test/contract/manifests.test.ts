import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { rules } from '../../contract/rules/index.ts';
import { verify } from '../../contract/verify.ts';
import { type Contents, withFolder } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';

/** X-2 reads manifests of Kubernetes, and holds them against the service. */
const server = createServer(({ url }, answer) => {
  answer.writeHead(url === '/livez' || url === '/readyz' ? 200 : 404).end();
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => void server.close());

const DEPLOYMENT = `kind: Deployment
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 35
      securityContext: { runAsUser: 1000 }
      containers:
        - name: service
          ports: [{ name: http, containerPort: 8080 }]
          livenessProbe: { httpGet: { path: /livez, port: http } }
          readinessProbe: { httpGet: { path: /readyz, port: http } }
          envFrom: [{ configMapRef: { name: orders } }]
          securityContext: { readOnlyRootFilesystem: true }
          volumeMounts: [{ name: tmp, mountPath: /tmp }]
`;
const FILES = {
  Dockerfile: 'FROM scratch AS build\nUSER root\nFROM scratch\nUSER 1000:1000\n',
  'deploy/base/deployment.yaml': DEPLOYMENT,
  'deploy/base/kustomization.yaml': 'configMapGenerator: [{ name: orders, envs: [config.env] }]\n',
  'deploy/base/config.env': '# What is no secret.\nPORT=8080\nSHUTDOWN_TIMEOUT_MS=25000\n',
  'deploy/chart/templates/deployment.yaml': 'kind: {{ .Values.kind }}\n',
  'deploy/base/a-worker.yaml': DEPLOYMENT.replace('- name: service', '- args: [worker, mailer]').replace(
    '/livez',
    '/x',
  ),
};

async function look(files: Contents) {
  let result: Awaited<ReturnType<typeof verify>>['results'][number] | undefined;
  await withFolder(files, async (folder) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const target = { kind: 'url', name: 'files', url, folder } as const;
    const only = rules.filter(({ id }) => id === 'X-2');
    [result] = (await verify(target, { watch: quiet, backing: new Backing(), rules: only })).results;
  });
  return result;
}

it('what agrees is kept, but for the variables that only the service knows', async () => {
  const result = await look(FILES);
  expect(result, JSON.stringify(result)).toMatchObject({ outcome: 'partly' });
  expect(JSON.stringify(result)).toContain('its variables: the service does not say which it has');
});

it.each([
  ['a route', 'deploy/base/deployment.yaml', '/readyz', '/ready', 'GET /ready, the readinessProbe'],
  ['the port', 'deploy/base/config.env', 'PORT=8080', 'PORT=8000', 'port 8000'],
  ['the user', 'Dockerfile', 'USER 1000', 'USER 1001', 'user 1001'],
  ['the time to stop', 'deploy/base/config.env', '25000', '35000', 'more than 35 s'],
  ['where it writes', 'deploy/base/deployment.yaml', 'mountPath: /tmp', 'mountPath: /data', 'one at /tmp'],
])('%s that does not agree is found', async (_, path, from, to, said) => {
  const before = FILES[path as keyof typeof FILES];
  expect(before).toContain(from);
  const result = await look({ ...FILES, [path]: before.replace(from, to) });
  expect(result).toMatchObject({ outcome: 'broken' });
  expect(JSON.stringify(result)).toContain(said);
});

it.each([
  ['none', {}],
  [
    'none that is one',
    { 'deploy/a.yaml': 'kind: Deployment\n', 'k8s/b.yml': '- 1\n--- &a [*b]\n', 'k8s/c.yaml': '{{ x }}' },
  ],
])('of manifests there is %s', async (_, files) => {
  expect(await look(files)).toMatchObject({ outcome: 'skipped' });
});
