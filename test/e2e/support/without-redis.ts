import { freePort } from '../../../contract/harness/http/ports.ts';
import { TcpProxy } from '../../../contract/harness/http/tcp-proxy.ts';
import { Child } from '../../../contract/harness/process/child.ts';
import { Service } from '../../../contract/harness/service.ts';

/** A running service whose Redis stands behind a proxy, so that it can be taken away. */
export async function behindProxy(
  [file = '', ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ service: Service; proxy: TcpProxy; stop: () => Promise<void> }> {
  const { hostname, port: redisPort, pathname } = new URL(env.REDIS_URL ?? '');
  const proxy = await TcpProxy.open(hostname, Number(redisPort));
  const port = await freePort();
  const child = new Child({
    file,
    args: [...args, 'web'],
    cwd,
    env: {
      ...env,
      PATH: '/usr/bin:/bin',
      HOST: '127.0.0.1',
      PORT: String(port),
      REDIS_URL: `redis://127.0.0.1:${proxy.port}${pathname}`,
    },
  });
  const stop = async () => {
    await child.dispose();
    await proxy.down();
  };
  const service = new Service(child, port, { live: '/health/live', ready: '/health/ready' });
  await service.ready(20_000).catch(async (error: Error) => {
    await stop();
    throw error;
  });
  return { service, proxy, stop };
}
