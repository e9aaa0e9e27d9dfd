import type { Harness } from '../../harness/harness.ts';
import { type Answer, describe } from '../../harness/http/ask.ts';
import type { Service } from '../../harness/service.ts';
import { askOrNone } from '../http/readable-paths.ts';
import { askAll, SOON } from '../http/same-answer.ts';

/** Of a large service this many routes are written to. */
const MOST = 10;
/** After so many routes that stay apart no more are waited for. */
const ENOUGH = 3;
/** How often the first instance is used before the second is asked. */
const VISITS = 3;
/** Fields of an answer with which a client shows later who it is. */
const TOKEN = /^((access|id|session|auth)_?)?token$|^(session_?id|sid|session|jwt)$/i;

type Pair = readonly [Service, Service];
type Headers = Readonly<Record<string, string>>;

/** What an instance gave to a client so that it knows the client again. */
interface Credentials {
  /** The request that gave it. */
  readonly from: string;
  readonly headers: Headers;
}

/** The routes that take a POST, with bodies for them. */
async function writes(harness: Harness): Promise<readonly { readonly path: string; readonly body: unknown }[]> {
  const openApi = await harness.openApi().catch(() => undefined);
  const posts = (openApi?.operations ?? []).filter(({ method, path }) => method === 'POST' && !path.includes('{'));
  const described = posts.map(({ path }) => ({ path, body: openApi?.changeOf('POST', path)?.body?.() ?? {} }));
  const mapped = posts.length === 0 ? await harness.findWrite() : undefined;
  return mapped ? [{ path: mapped.path, body: mapped.body() }] : described.slice(0, MOST);
}

const post = (service: Service, { path, body }: { path: string; body: unknown }): Promise<Answer | undefined> =>
  service.ask(path, { method: 'POST', body, timeoutMs: 2000 }).catch(() => undefined);

/**
 * Uses one instance, and looks for answers that change there and not in the other: a counter, a list, a choice. An answer
 * that differs between them from the beginning, such as one with a random id, says nothing.
 */
export async function probeCounting(harness: Harness, [first, second]: Pair, paths: readonly string[]): Promise<void> {
  const before = new Map<string, Answer>();
  for (const path of paths) {
    const [mine, other] = [await askOrNone(first, path), await askOrNone(second, path)];
    if (mine && other && isSame(mine, other)) before.set(path, mine);
  }
  for (let visit = 0; visit < VISITS; visit += 1) await Promise.all(paths.map((path) => askOrNone(first, path)));
  const posts = await writes(harness);
  if (posts.length === 0) harness.leftOut.push('what a write changes: no route is known that takes a POST');
  for (const one of posts) await post(first, one);
  const apart: string[] = [];
  for (const [path, was] of before) {
    if (apart.length === ENOUGH) break;
    const now = await askOrNone(first, path);
    if (now === undefined || isSame(now, was)) continue;
    const { ok, got } = await askAll([first, second], path);
    if (!ok) apart.push(`GET ${path}: ${got}`);
  }
  harness.saw({
    sent: `read and write through one instance; then GET ${before.size} routes through both`,
    expected: `what changed in one is changed in the other within ${SOON} ms`,
    got: apart.join('; ') || 'no route whose answers stay apart',
    ok: apart.length === 0,
  });
}

const isSame = (a: Answer, b: Answer) => a.status === b.status && a.text === b.text;

/**
 * Lets one instance make a client known, by a cookie or a token, and looks whether the other knows it too. Nothing is
 * recorded where no route treats a known client otherwise.
 */
export async function probeSessions(harness: Harness, pair: Pair, paths: readonly string[]): Promise<void> {
  for (const credentials of await collect(harness, pair[0], paths)) {
    for (const path of paths) {
      const [stranger, friend] = [await askOrNone(pair[0], path), await askOrNone(pair[0], path, credentials.headers)];
      const [plain, other] = [await askOrNone(pair[1], path), await askOrNone(pair[1], path, credentials.headers)];
      if (!stranger || !friend || !plain || !other) continue;
      const sign = signOf(credentials.headers).find((one) => one(friend) !== one(stranger));
      if (!sign) continue;
      const isForgotten = sign(other) === sign(plain) && sign(other) !== sign(friend);
      harness.saw({
        sent: `${credentials.from} through one instance gives ${Object.keys(credentials.headers).join(', ')}; GET ${path} with it through the other`,
        expected: 'an answer to a client that it knows',
        got: isForgotten ? `as to a stranger: ${describe(other)}` : describe(other),
        ok: !isForgotten,
      });
    }
  }
}

/** What can tell a client that is known from a stranger, the clearest first. */
const signOf = ({ cookie = '' }: Headers): ((answer: Answer) => unknown)[] => [
  ({ status }) => status,
  ({ headers }) => cookiesOf(headers['set-cookie']).some((one) => cookie.includes(`${one.split('=')[0]}=`)),
  ({ text }) => text,
];

const cookiesOf = (rows: readonly string[] = []): string[] => rows.map((row) => row.split(';')[0]?.trim() ?? '');

/** Cookies and tokens of an instance, each kind once. */
async function collect(harness: Harness, service: Service, paths: readonly string[]): Promise<Credentials[]> {
  const found = new Map<string, Credentials>();
  const take = (from: string, answer: Answer | undefined) => {
    if (!answer || answer.status >= 400) return;
    const cookies = cookiesOf(answer.headers['set-cookie']);
    const names = cookies.map((one) => one.split('=')[0]).join();
    if (cookies.length > 0) found.set(names, { from, headers: { cookie: cookies.join('; ') } });
    const fields = Object.entries(Object(answer.json)).filter(([name]) => TOKEN.test(name));
    for (const [name, value] of fields)
      if (typeof value === 'string') found.set(name, { from, headers: { authorization: `Bearer ${value}` } });
  };
  for (const path of paths) take(`GET ${path}`, await askOrNone(service, path));
  for (const one of await writes(harness)) take(`POST ${one.path}`, await post(service, one));
  return [...found.values()];
}
