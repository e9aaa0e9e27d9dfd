import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Harness } from '../harness/harness.ts';
import { imageConfig } from '../harness/image/docker.ts';
import { type Deployed, findDeployed, listOf, type Part, textOf } from '../probes/artifact/manifests.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** What Kubernetes gives a pod to stop, if nobody says otherwise, in seconds. */
const GRACE_S = 30;

export const rule: Rule = {
  id: 'X-2',
  level: 'SHOULD',
  factor: 'X. Dev/prod parity',
  promises: {
    kubernetes:
      'Manifests of Kubernetes in its folder say what it does: its port, the routes of its probes, its user, its variables, the time that it takes to stop, and where it writes.',
  },
  why: 'A manifest that was right once is found wrong in production: a probe asks for a route that is gone, or a stop is cut short by a kill.',
  mend: 'Take the port, the routes and the times of the manifest from the service, and hold the two together with a test. Give the pod more time to stop than the service takes, and a volume at /tmp where the file system is read-only.',
  thresholds: [`a pod has ${GRACE_S} s to stop unless its manifest says otherwise`],
  byHand: ["grep -rnE 'path:|containerPort:|runAsUser:|terminationGracePeriodSeconds:|mountPath:' deploy"],
  applies: async (subject) => {
    const { folder } = subject.target;
    const found = folder === undefined ? undefined : await findDeployed(folder);
    return all(
      subject.hasFolder(),
      found ? true : 'there is no Deployment of Kubernetes in its folder',
      subject.answers(),
    );
  },
  async check(harness) {
    const deployed = await findDeployed(harness.subject.target.folder ?? '');
    if (!deployed) throw new Error('the Deployment is gone');
    await seeRoutes(harness, deployed);
    seePort(harness, deployed);
    await seeUser(harness, deployed);
    seeVariables(harness, deployed);
    seeStop(harness, deployed);
    seeMounts(harness, deployed);
    return harness.evidence;
  },
};

async function seeRoutes(harness: Harness, { file, container }: Deployed): Promise<void> {
  const endpoint = await harness.endpoint();
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    const path = textOf(container[probe]?.httpGet?.path);
    if (path === undefined) continue;
    const { status } = await endpoint.ask(path);
    harness.saw({
      sent: `GET ${path}, the ${probe} of ${file}`,
      expected: 'a status from 200 to 399',
      got: String(status),
      ok: status >= 200 && status < 400,
    });
  }
}

function seePort(harness: Harness, { file, container, env }: Deployed): void {
  const { portVariable } = harness.subject;
  const wanted = textOf(container.readinessProbe?.httpGet?.port);
  const named = listOf(container.ports).find(({ name }) => textOf(name) === wanted);
  const asked = named ? textOf(named.containerPort) : wanted;
  const port = settingOf(harness, env, portVariable);
  if (port === undefined) {
    harness.leftOut.push(`its port: neither ${file} nor the service says what ${portVariable} is`);
    return;
  }
  harness.saw({
    sent: `the port of the probes in ${file}, and ${portVariable}`,
    expected: `port ${port}`,
    got: `port ${asked ?? '(none)'}`,
    ok: asked === port,
  });
}

async function seeUser(harness: Harness, { file, pod, container }: Deployed): Promise<void> {
  const { target } = harness.subject;
  const asked = textOf((container.securityContext?.runAsUser ?? pod.securityContext?.runAsUser) as Part | undefined);
  const dockerfile = join(target.folder ?? '', 'Dockerfile');
  const written = existsSync(dockerfile)
    ? [...readFileSync(dockerfile, 'utf8').matchAll(/^USER\s+(\S+)/gim)].at(-1)
    : [];
  const user = (target.kind === 'image' ? (await imageConfig(target.image)).User : written?.[1])?.split(':')[0];
  if (asked === undefined || user === undefined || !/^\d+$/.test(user)) return;
  harness.saw({
    sent: `runAsUser of ${file}, and USER of the image`,
    expected: `user ${user}`,
    got: `user ${asked}`,
    ok: asked === user,
  });
}

function seeVariables(harness: Harness, { file, env, isWhole }: Deployed): void {
  const { subject } = harness;
  if (!subject.describesVariables) {
    harness.leftOut.push('its variables: the service does not say which it has');
    return;
  }
  const given = Object.keys(env).map((name) => (subject.has(name) ? name : name.replace(/_FILE$/, '')));
  const wrong = [
    ...given.filter((name) => !subject.has(name)).map((name) => `${name} is no variable of the service`),
    ...subject.variables
      .filter(({ name, required }) => isWhole && required && !given.includes(name))
      .map(({ name }) => `${name} is required and missing`),
  ];
  harness.saw({
    sent: `the variables of ${file}, and config --schema`,
    expected: 'variables that it has, and all that it requires',
    got: wrong.join(', ') || `${given.length} of its variables`,
    ok: wrong.length === 0,
  });
}

function seeStop(harness: Harness, { file, env, pod }: Deployed): void {
  const bound = Number(settingOf(harness, env, 'SHUTDOWN_TIMEOUT_MS') ?? Number.NaN);
  if (Number.isNaN(bound)) {
    harness.leftOut.push('the time that it takes to stop: nothing says what bounds it');
    return;
  }
  const grace = Number(textOf(pod.terminationGracePeriodSeconds) ?? GRACE_S);
  harness.saw({
    sent: `terminationGracePeriodSeconds of ${file}, and SHUTDOWN_TIMEOUT_MS`,
    expected: `more than ${bound / 1000} s`,
    got: `${grace} s`,
    ok: grace * 1000 > bound,
  });
}

/** VI-1 sees that it writes below its temporary directory alone. */
function seeMounts(harness: Harness, { file, env, container }: Deployed): void {
  if (String(container.securityContext?.readOnlyRootFilesystem) !== 'true') return;
  const folder = env.TMPDIR ?? '/tmp';
  const mounts = listOf(container.volumeMounts).filter(({ readOnly }) => String(readOnly) !== 'true');
  const paths = mounts.flatMap(({ mountPath }) => textOf(mountPath) ?? []);
  harness.saw({
    sent: `volumes that ${file} lets it write to`,
    expected: `one at ${folder}, since the rest is read-only`,
    got: paths.join(', ') || 'none',
    ok: paths.some((path) => folder === path || folder.startsWith(`${path}/`)),
  });
}

/** What the manifest says a variable is, or else its default. */
function settingOf({ subject }: Harness, env: Deployed['env'], name: string): string | undefined {
  return env[name] ?? textOf(subject.variables.find((one) => one.name === name)?.schema.default);
}
