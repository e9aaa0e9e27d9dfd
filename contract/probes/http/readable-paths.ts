import type { Harness } from '../../harness/harness.ts';
import type { Answer } from '../../harness/http/ask.ts';
import type { Endpoint } from '../../harness/http/endpoint.ts';

/** Of a large service this many routes are asked. */
const MOST = 25;
/** An answer may have no end, such as a stream of events. */
const ANSWER_MS = 2000;

/** Metrics count what one instance has done: they differ between instances on purpose. */
const isMetrics = ({ headers, text }: Answer) =>
  /openmetrics|version=0\.0\.4/.test(headers['content-type'] ?? '') || /^# (HELP|TYPE) /m.test(text);

/** The answer to a GET, or `undefined` if none came to its end. */
export const askOrNone = (
  service: Endpoint,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | undefined> => service.ask(path, { headers, timeoutMs: ANSWER_MS }).catch(() => undefined);

/**
 * Paths of a service that answer a GET, except for metrics and the description.
 * @param more asked for besides those that are described
 */
export async function readablePaths(harness: Harness, service: Endpoint, more: readonly string[]): Promise<string[]> {
  const openApi = await harness.openApi().catch(() => undefined);
  const described = (openApi?.operations ?? [])
    .filter(({ method, path }) => method === 'GET' && !path.includes('{') && path !== '/openapi.json')
    .map(({ path }) => path);
  const paths = [...new Set([...described.slice(0, MOST), ...more])];
  const answers = await Promise.all(paths.map((path) => askOrNone(service, path)));
  // All at once is much for a busy machine. A second time each has the service to itself.
  for (const [at, path] of paths.entries()) answers[at] ??= await askOrNone(service, path);
  return paths.filter((_, at) => {
    const answer = answers[at];
    return answer !== undefined && answer.status !== 404 && !isMetrics(answer);
  });
}
