import type { Harness } from '../../harness/harness.ts';
import { type Answer, type Ask, describe } from '../../harness/http/ask.ts';
import { type Endpoint, isFine } from '../../harness/http/endpoint.ts';
import type { WriteOperation } from '../../harness/schema/openapi.ts';
import { STACK_TRACE } from '../../runtimes/index.ts';
import { storedItems } from '../data/stored-item.ts';

/** A request in a few words, its target and its other options. */
type Request = readonly [what: string, target: string, options?: Ask];

/** Of a large service this many routes are asked. */
const MOST = 8;
const AT_A_TIME = 8;
/** Statuses that a service may give although the request is at fault: a method or version that it lacks, a refusal for now. */
const FINE = [501, 503, 505];

const HUGE = '9'.repeat(40);
/** What nobody expects in the place of an id or of a value. Each is well formed in a URL. */
const VALUES = [
  HUGE,
  '-1',
  '1e309',
  'NaN',
  '%00',
  'a%00b',
  '__proto__',
  'constructor',
  '%27',
  '..%2f..%2fetc%2fpasswd',
];
/** Texts in Base64 that a client makes up in the place of a cursor: the character 0, what is no UTF-8, `null`, `{}` and `[]`. */
const CURSORS = ['AA', 'AAAA', '_w', 'bnVsbA', 'e30', 'W10'];
const ODD = [...VALUES, ...CURSORS];
/** Paths of which a program makes a URL in one way or another. */
const ODD_PATHS = ['//', '///a', '//[', '/a//b', '/./..//', '/?', '/??', '/;a=1'];
/** Percent signs that begin no character. Some servers refuse them before the program sees them. */
const BROKEN_ESCAPES = ['/%', '/%zz', '/%c0%80', '/a%', '/?a=%', '/?%E0%A4%A'];
/** Headers with values that nobody expects. */
const HEADERS: Readonly<Record<string, string>> = {
  'x-long': 'x'.repeat(6000),
  accept: '*/*;q=many',
  'accept-language': `de;q=many, ${'a-'.repeat(200)}1`,
  authorization: 'Basic !!!',
  cookie: `a=%00; __proto__=1; ${'b'.repeat(2000)}`,
  'content-type': 'application/json; charset=none',
  'if-modified-since': 'yesterday',
  'if-none-match': '"',
  range: `bytes=${HUGE}-`,
  'x-forwarded-for': 'nobody, , 999.0.0.1',
  'x-debug': '1',
};

/** Texts that are JSON and that a program may not be made for. */
const DOCUMENTS: readonly (readonly [string, string])[] = [
  ['null', 'null'],
  ['a number', '1'],
  ['a list', '[]'],
  ['20,000 lists in each other', '['.repeat(20_000) + ']'.repeat(20_000)],
  ['{"__proto__": null}', '{"__proto__":null,"constructor":{"prototype":null}}'],
  ['a number of 400 digits', `{"a":${'9'.repeat(400)}}`],
];

/**
 * Sends what is not expected, kind by kind, and looks for a stack trace, and for a 5xx: of a service that describes nothing, nobody
 * knows what it is made for. What it answered before it has to answer afterwards.
 */
export async function provokeErrors(harness: Harness, service: Endpoint, write?: WriteOperation): Promise<void> {
  const openApi = await harness.openApi().catch(() => undefined);
  const reads = (openApi?.operations ?? []).filter(({ method }) => method === 'GET');
  const items = reads.filter(({ path }) => path.includes('{')).slice(0, MOST);
  // Those that read something of a client come first: health routes and the like do not.
  const questions = ({ path, object }: (typeof reads)[number]) => parametersOf(path, object).length;
  const plain = reads
    .filter(({ path }) => !path.includes('{'))
    .sort((a, b) => questions(b) - questions(a))
    .slice(0, MOST);
  const [item] = await storedItems(harness, 1);
  const somewhere = ['/', '/no/such/route', ...(item ? [item.path] : [])];
  const kinds: readonly (readonly [string, readonly Request[]])[] = [
    ['percent signs that begin no character', BROKEN_ESCAPES.map((path) => [path, path])],
    ['paths that nobody expects', ODD_PATHS.map((path) => [path, path])],
    ['odd ids', items.flatMap(({ path }) => ODD.map((odd) => named(path.replace(/\{[^}]+\}/g, odd))))],
    ['odd values in a query', queries(plain.flatMap(({ path, object }) => [path, ...parametersOf(path, object)]))],
    [
      'headers that nobody expects',
      [...somewhere, ...plain.slice(0, 2).map(({ path }) => path)].flatMap((path) =>
        Object.entries(HEADERS).map(
          ([name, value]): Request => [`${path}, ${name}`, path, { headers: { [name]: value } }],
        ),
      ),
    ],
    ['bodies that nobody expects', write ? bodies(write, harness.subject.target.kind !== 'url') : []],
  ];
  const fineNow = async () => {
    const asked = plain.map(async ({ path }) => ({ path, status: await service.status(path, 5000) }));
    return (await Promise.all(asked)).filter(({ status }) => isFine(status)).map(({ path }) => path);
  };
  const before = await fineNow();
  const isDescribed = harness.asks('house') || write !== undefined || plain.length > 0;
  for (const [kind, requests] of kinds)
    if (requests.length > 0) await provoke(harness, service, isDescribed, kind, requests);
  if (before.length === 0) return;
  const after = await fineNow();
  const lost = before.filter((path) => !after.includes(path));
  harness.saw({
    sent: `all of these, then GET ${before.join(', ')}`,
    expected: 'a 2xx answer each, as before',
    got: lost.length === 0 ? '2xx' : `no more from ${lost.join(', ')}`,
    ok: lost.length === 0,
  });
}

const named = (path: string): Request => [path.length > 60 ? `${path.slice(0, 60)}...` : path, path];

function parametersOf(
  path: string,
  { parameters = [] }: { readonly parameters?: readonly { name: string; in: string }[] },
) {
  return parameters.filter((one) => one.in === 'query').map(({ name }) => `${path}?${encodeURIComponent(name)}=`);
}

/** @param targets paths, and beginnings that end with `=` */
function queries(targets: readonly string[]): Request[] {
  return targets.flatMap((target) =>
    target.endsWith('=')
      ? ODD.map((odd) => named(target + odd))
      : ['a=1&a[]=2&a[b]=3', '__proto__[a]=1', 'debug=1&trace=1', '%00=%00'].map((query) =>
          named(`${target}?${query}`),
        ),
  );
}

/** @param mayStore whether bodies are sent that the service may take */
function bodies({ path, body, fields }: WriteOperation, mayStore: boolean): Request[] {
  const post = (what: string, text: string): Request => [
    what,
    path,
    { method: 'POST', body: text, headers: { 'content-type': 'application/json' } },
  ];
  // One field at a time: what is wrong with one may keep another from being read.
  const known = mayStore ? Object.entries({ ...body(), ...fields() }).slice(0, MOST) : [];
  const changed = known.flatMap(([key, value]) =>
    oddOnes(value).map(([what, odd]) => post(`${key} is ${what}`, JSON.stringify({ ...body(), [key]: odd }))),
  );
  return [...DOCUMENTS.map(([what, text]) => post(what, text)), ...changed];
}

/** Values of the same type that a program may not be made for. */
function oddOnes(value: unknown): (readonly [string, unknown])[] {
  if (typeof value === 'number')
    return [
      ['a number of 300 digits', 1e300],
      ['larger than an integer of 64 bits', 2 ** 64],
      ['less than any', -(2 ** 53)],
    ];
  if (typeof value !== 'string') return [];
  return [
    ['a text with the character 0', `${value.slice(0, -1)}\0`],
    ['a text with half a character', `${value.slice(0, -1)}\ud800`],
    ['a text of 50,000 characters', value.repeat(Math.ceil(50_000 / (value.length || 1)))],
  ];
}

async function provoke(
  harness: Harness,
  service: Endpoint,
  isDescribed: boolean,
  kind: string,
  requests: readonly Request[],
): Promise<void> {
  const wrong: string[] = [];
  let worst = 0;
  for (let at = 0; at < requests.length; at += AT_A_TIME) {
    const sent = requests.slice(at, at + AT_A_TIME);
    const answers = await Promise.all(
      sent.map(([, target, options]) => service.ask(target, options).catch((): Answer | undefined => undefined)),
    );
    answers.forEach((answer, index) => {
      if (answer === undefined) return;
      worst = Math.max(worst, answer.status);
      // An answer that is no error may have texts of others, such as paths that were asked for.
      const hasTrace =
        answer.status >= 400 && (STACK_TRACE.test(answer.text) || STACK_TRACE.test(JSON.stringify(answer.headers)));
      const isError = isDescribed && answer.status >= 500 && !FINE.includes(answer.status);
      if (hasTrace || isError)
        wrong.push(`${sent[index]?.[0]}: ${hasTrace ? 'a stack trace: ' : ''}${describe(answer)}`);
    });
  }
  harness.saw({
    sent: `${kind} (${requests.length} requests)`,
    expected: isDescribed ? 'no stack trace, and no 5xx' : 'no stack trace',
    got: wrong[0] ?? `${worst === 0 ? 'no answer' : `${worst} at most`}, no stack trace`,
    ok: wrong.length === 0,
    steady: true,
  });
}
