import type { Harness } from '../harness/harness.ts';
import { describe } from '../harness/http/ask.ts';
import { imageConfig } from '../harness/image/docker.ts';
import { askAsStranger, askOffline, canBeOffline } from '../harness/process/offline.ts';
import { hasProcfs, type Listener, listeners } from '../harness/process/procfs.ts';
import type { Service } from '../harness/service.ts';
import { sleep, until } from '../harness/wait.ts';
import { ALIVE_MS } from '../harness/worker-process.ts';
import { leaseOffline } from '../probes/http/offline-instance.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** Addresses that a caller may give on purpose so that nobody else reaches the service. */
const LOCAL = /^(127\.|localhost$|::1$|\[::1\]$)/;

/** Some open one only after a while: so old it is when its ports are looked at, in milliseconds. */
const LATE_MS = 12_000;

const REACH = { all: 'every interface', loopback: 'the loopback interface alone', one: 'one interface alone' };

export const rule: Rule = {
  id: 'VII-2',
  level: 'MUST',
  factor: 'VII. Port binding',
  slow: 'it starts an instance in a network of its own',
  promises: {
    'twelve-factor':
      'If no `HOST` is given, the service listens on all interfaces. It listens on no port but those that a variable or the image announces.',
  },
  why: 'The platform reaches a service through a network, never through its loopback interface. A port that nobody knows of has no firewall rule, and is often a debugger or a page of internals.',
  mend: 'Listen on 0.0.0.0 or on [::] unless a variable says otherwise, and serve everything on PORT. Announce a second port by a variable of its own (`METRICS_PORT`) or with EXPOSE.',
  thresholds: [`its ports are looked at ${LATE_MS / 1000} s after its start, or later`],
  byHand: ['ss -ltnp | grep "pid=$PID,"'],
  applies: (subject) => all(subject.runs(), hasProcfs() || 'the sockets of a process cannot be seen here'),
  async check(harness) {
    const service = await harness.shared();
    const before = seen(service);
    let loud: Service | undefined;
    // What a worker listens on for probes is its own choice, and may come after the first line of its log.
    if (harness.subject.form === 'worker') await sleep(ALIVE_MS);
    else {
      await useOnce(harness, service);
      loud = await seeInterfaces(harness);
      await sleep(LATE_MS - (performance.now() - service.child.startedAt));
    }
    const after = seen(service);
    if (!before || !after) harness.leftOut.push('its other ports: its processes are not seen here');
    else if ((await seeShared(harness, service, [...before, ...after])) && loud) await seeLoud(harness, loud);
    return harness.evidence;
  },
};

/** Some open a port only once there is something to show on it. */
async function useOnce(harness: Harness, service: Service): Promise<void> {
  const write = await harness.findWrite();
  const post = write && service.ask(write.path, { method: 'POST', body: write.body() });
  await Promise.all([post, ...[service.paths.live, '/no/such/route'].map((path) => service.ask(path))]).catch(
    () => undefined,
  );
}

/** Its sockets, or `undefined` if they cannot be seen by this user. */
function seen(service: Service): Listener[] | undefined {
  const members = service.members();
  return members && listeners(members);
}

/**
 * Starts it without HOST and looks at the address that it takes.
 * @returns the instance, if it has a network of its own and listens there: one at LOG_LEVEL=debug
 */
async function seeInterfaces(harness: Harness): Promise<Service | undefined> {
  const { target } = harness.subject;
  const given = target.env?.HOST;
  if (given !== undefined && LOCAL.test(given)) {
    harness.leftOut.push(`the interfaces that it listens on: it is given HOST=${given}`);
    return undefined;
  }
  // A port that opens for those who look for a fault counts too.
  const env = { HOST: given, ...harness.subject.verboseLog, ...harness.subject.comfort({ LOG_LEVEL: 'debug' }) };
  // So that nobody else reaches it meanwhile.
  const isOffline = canBeOffline(target) === true;
  const offline = isOffline ? await leaseOffline(harness, env) : undefined;
  const alone = offline && (await findListener(harness, offline));
  // The processes of a container are known once it is ready.
  const isProcess = harness.subject.isProcess() === true;
  const start = () => harness.start({ env, ...(isProcess ? { waitMs: 0 } : {}) });
  // Some services listen only when they have reached what they need.
  const found = alone ?? (await findListener(harness, await start()));
  harness.saw({
    sent: `start with ${harness.subject.portVariable} and without HOST`,
    expected: 'it listens on every interface',
    got: found ? `on ${REACH[found.reach]}, port ${found.port}` : 'it listens on no port',
    ok: found?.reach === 'all',
    steady: true,
  });
  if (offline && alone?.reach === 'all') await seeStranger(harness, offline);
  return alone ? offline : undefined;
}

/** A service may listen everywhere, and serve those alone who ask from its own machine. */
async function seeStranger(harness: Harness, service: Service): Promise<void> {
  const url = service.url + service.paths.live;
  const isWell = async () => service.isFine(Number(await askOffline(service.child.pid, url)));
  const served = await until('an answer', harness.subject.startMs, async () =>
    service.child.exited ? false : (await isWell()) || undefined,
  ).catch(() => false);
  // Whether it serves anybody there is for another rule.
  const got = served ? await askAsStranger(service.child.pid, url) : undefined;
  if (got === undefined) return;
  harness.saw({
    sent: `the same: GET ${service.paths.live} from an address that is not of the loopback interface`,
    expected: 'the answer that its own machine gets',
    got,
    ok: service.isFine(Number(got)),
  });
}

async function findListener(harness: Harness, service: Service): Promise<Listener | undefined> {
  const find = () => {
    if (service.child.exited) return null;
    const own = (seen(service) ?? []).filter(({ port }) => port === service.port);
    // Two sockets may share the work: one for each version of the protocol, or one for each interface.
    return own.find(({ reach }) => reach === 'all') ?? own[0];
  };
  return until('it to listen', harness.subject.startMs, find).then(
    (listener) => listener ?? undefined,
    () => undefined,
  );
}

/** What answers on a port that nobody named, in words; `undefined` for what speaks no HTTP. */
type Ask = (port: number) => Promise<string | undefined>;

/** The ports of the service as others see it. */
function seeShared(harness: Harness, service: Service, sockets: readonly Listener[]): Promise<boolean> {
  const ask: Ask = (port) =>
    harness
      .service(service.child, port)
      .ask('/', { timeoutMs: 2000 })
      .then(describe, () => undefined);
  return seePorts(harness, service, sockets, '', ask);
}

/** The ports of one with a verbose log: whoever looks for a fault may have pages of their own. */
async function seeLoud(harness: Harness, service: Service): Promise<void> {
  if (service.child.exited) {
    harness.leftOut.push('ports at LOG_LEVEL=debug: it ended where it reaches nothing but itself');
    return;
  }
  const { pid } = service.child;
  const ask: Ask = async (port) => {
    const answer = await askOffline(pid, `http://127.0.0.1:${port}/`);
    return Number(answer) > 0 ? answer : undefined;
  };
  await seePorts(harness, service, seen(service) ?? [], ' and a verbose log', ask);
}

/** Whether each port has a name. What only this machine reaches and does not speak HTTP is between its own processes. */
async function seePorts(
  harness: Harness,
  service: Service,
  sockets: readonly Listener[],
  how: string,
  ask: Ask,
): Promise<boolean> {
  const known = new Set([service.port, ...(await announced(harness))]);
  const extra = [...new Map(sockets.filter(({ port }) => !known.has(port)).map((one) => [one.port, one])).values()];
  const told: string[] = [];
  for (const { port, reach } of extra) {
    const answer = await ask(port);
    if (answer !== undefined) told.push(`port ${port}: GET / answers ${answer}`);
    else if (reach !== 'loopback') told.push(`port ${port} on ${REACH[reach]}`);
  }
  return harness.saw({
    sent: `the ports that it listens on, with ${harness.subject.portVariable}=${service.port}${how}`,
    expected: 'that port, and those that another variable or the image names',
    got: told.join('; ') || (harness.subject.form === 'worker' ? 'no other' : `port ${service.port}`),
    ok: told.length === 0,
  });
}

/** Ports that are named by other variables than the one for HTTP, by their values or defaults, and by the image. */
async function announced(harness: Harness): Promise<number[]> {
  const { target, variables, portVariable } = harness.subject;
  const given = await harness.environment();
  const named = variables
    .filter(({ name }) => /PORT$/i.test(name) && name !== portVariable)
    .map(({ name, schema }) => given[name] ?? schema.default);
  const exposed = target.kind === 'image' ? Object.keys((await imageConfig(target.image)).ExposedPorts ?? {}) : [];
  return [...named, ...exposed.map((port) => port.split('/')[0])].map(Number).filter((port) => port > 0);
}
