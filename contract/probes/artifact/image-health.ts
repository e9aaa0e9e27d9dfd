import { createServer } from 'node:http';
import type { Harness } from '../../harness/harness.ts';
import { type ImageConfig, imageConfig, runInside } from '../../harness/image/docker.ts';
import type { Service } from '../../harness/service.ts';
import { HarnessFailure } from '../../harness/wait.ts';
import type { ImageTarget } from '../../target.ts';
import { withoutTools } from './without-tools.ts';

/** How long a HEALTHCHECK may take. One that hangs is not healthy. */
const CHECK_MS = 10_000;

/** The command that Docker runs for a HEALTHCHECK, if there is one. */
function healthCommand({ Healthcheck, Shell }: ImageConfig): readonly string[] | undefined {
  const [kind, ...rest] = Healthcheck?.Test ?? [];
  if (rest.length === 0 || kind === 'NONE') return undefined;
  return kind === 'CMD-SHELL' ? [...(Shell ?? ['/bin/sh', '-c']), ...rest] : rest;
}

/**
 * Runs the HEALTHCHECK of an image as Docker would, in a container without curl, bash and package managers: once for the
 * service itself, and once for a server on another port that says it is not healthy.
 */
export async function probeImageHealth(harness: Harness, target: ImageTarget): Promise<void> {
  const command = healthCommand(await imageConfig(target.image));
  if (command === undefined) {
    harness.saw({ sent: 'look for a HEALTHCHECK of the image', expected: 'one', got: 'none', ok: false });
    return;
  }
  const { service, hidden } = await startWithoutTools(harness, target);
  const check = (env?: Record<string, string>) =>
    runInside(service.child.remote?.name ?? '', command, { ms: CHECK_MS, ...(env ? { env } : {}) });
  const without = hidden.length > 0 ? `, without ${hidden.join(', ')}` : '';
  const well = await check();
  harness.saw({
    sent: `the HEALTHCHECK of the image, with PORT=${service.port}${without}`,
    expected: 'exit 0',
    got: describeCode(well),
    ok: well === 0,
  });
  const asked: string[] = [];
  const ill = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(503).end();
  });
  await harness.own(ill, () => {
    ill.close();
    ill.closeAllConnections();
  });
  const port = await new Promise<number>((resolve, reject) => {
    ill.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = ill.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  const code = await check(harness.port(port));
  const paths = [...new Set([service.paths.live, '/health/live', '/livez', '/healthz'])];
  harness.saw({
    sent: `the same with PORT=${port}, on which 127.0.0.1 answers 503`,
    expected: `GET ${paths.join(' or ')}, then an exit that is not 0`,
    got: `${asked.length === 0 ? 'no request' : `GET ${[...new Set(asked)].join(', ')}`}, then ${describeCode(code)}`,
    ok: asked.length > 0 && asked.every((path) => paths.includes(path)) && code !== 0,
  });
}

/** Starts the service without tools; with them if it does not start otherwise, which is for another rule to report. */
async function startWithoutTools(
  harness: Harness,
  target: ImageTarget,
): Promise<{ service: Service; hidden: readonly string[] }> {
  const { wrap, hidden } = await withoutTools(target);
  try {
    return { service: await harness.start({ wrap }), hidden };
  } catch (error) {
    if (error instanceof HarnessFailure || hidden.length === 0) throw error;
    return { service: await harness.start(), hidden: [] };
  }
}

const describeCode = (code: number | string) => (typeof code === 'number' ? `exit ${code}` : code);
