import { randomUUID } from 'node:crypto';
import type { HealthPaths } from '../../target.ts';
import type { Answer } from './ask.ts';
import { type Endpoint, isFine } from './endpoint.ts';

/** Paths that people give to liveness, the most telling first. */
const LIVE = ['/health/live', '/livez', '/healthz', '/health'];
/** The same for readiness. */
const READY = ['/health/ready', '/readyz', '/ready'];

/** Health paths that nobody named, and what a report says of them. */
export interface Health {
  readonly paths: HealthPaths;
  readonly text: string;
  /** Why what is said of liveness and readiness cannot be looked at, if it cannot. */
  readonly lacks?: string;
}

/**
 * Looks for the health routes of a running service. Where it has none, the first page stands for both, with any status.
 * @param known paths that the user named
 */
export async function findHealth(endpoint: Endpoint, known: Partial<HealthPaths> = {}): Promise<Health> {
  const nowhere = await tryAsk(endpoint, `/${randomUUID()}`);
  const first = async (paths: readonly string[]) => {
    for (const path of paths) if (isRoute(await tryAsk(endpoint, path), nowhere)) return path;
    return undefined;
  };
  const live = known.live ?? (await first(LIVE));
  const ready = known.ready ?? (await first(READY));
  const found = live ?? ready;
  if (found === undefined) return firstPage(await tryAsk(endpoint, '/'));
  const paths = { live: found, ready: ready ?? found };
  return {
    paths,
    text:
      live !== undefined && ready !== undefined
        ? `health routes: GET ${live} for liveness, GET ${ready} for readiness`
        : `health routes: GET ${found} for ${live ? 'liveness' : 'readiness'}, and none for ${live ? 'readiness' : 'liveness'}`,
    ...(live === undefined ? { lacks: 'no route for liveness was found: pass --live' } : {}),
    ...(ready === undefined ? { lacks: 'no route for readiness was found: pass --ready' } : {}),
  };
}

function firstPage(answer: Answer | undefined): Health {
  const lacks = 'no health route was found: pass --live and --ready';
  const isPage = answer === undefined || isFine(answer.status);
  return {
    paths: { live: '/', ready: '/', ...(isPage ? {} : { usual: answer.status }) },
    text: `${lacks}. GET / stands for both; it answers ${answer?.status ?? 'nothing'}`,
    lacks,
  };
}

/** Whether a path has a route of its own that says yes, or not yet. A page that comes for any path says nothing. */
function isRoute(answer: Answer | undefined, nowhere: Answer | undefined): boolean {
  if (answer === undefined || !(isFine(answer.status) || answer.status === 503)) return false;
  return answer.status !== nowhere?.status || answer.text !== nowhere.text;
}

const tryAsk = (endpoint: Endpoint, path: string): Promise<Answer | undefined> =>
  endpoint.ask(path, { timeoutMs: 3000 }).catch(() => undefined);
