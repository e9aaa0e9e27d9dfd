import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { join } from 'node:path';
import { answers } from './http.ts';
import { Names } from './names.ts';
import { must } from './run.ts';
import { bin } from './service.ts';

/** Why no gateway can be started here; nothing if one can. */
export const noNginx =
  spawnSync('nginx', ['-v']).error === undefined ? undefined : 'nginx is not installed: see .ci/system-packages.sh';

/** Where a balancer is that the gateway believes. */
export const BALANCER = '127.0.0.77';

/** What an instance of a service was asked. */
export interface Asked {
  readonly by: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Whether all of its answer has been taken. */
  readonly isTaken: () => boolean;
}

/** What an instance says. */
interface Said {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the answer goes on after this body, and says no more. */
  readonly isOpen?: boolean;
}

/** The generated gateway with other addresses, a server of names, and small services behind it. */
export class Gateway {
  readonly names = new Names();
  readonly asked: Asked[] = [];
  readonly #folder: string;
  readonly #instances = new Map<string, Server>();
  #nginx: ChildProcess | undefined;
  #log = '';
  #read = 0;
  #servicePort = 0;
  url = '';

  /** @param folder an empty one */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes a workspace with services of these names, and starts its gateway. */
  async start(...services: readonly string[]): Promise<void> {
    const [port, health, namePort] = [await freePort(), await freePort(), await this.names.start()];
    this.#servicePort = await freePort();
    const shop = join(this.#folder, 'shop');
    await must(process.execPath, [bin, 'workspace', shop, '--no-git', '--yes']);
    for (const name of services) {
      const more = ['--port', String(this.#servicePort), '--database', 'none', '--no-install', '--yes'];
      await must(process.execPath, [bin, 'create', name, ...more], { cwd: shop });
    }
    const [scratch, place] = [join(this.#folder, 'scratch'), join(this.#folder, 'gateway')];
    mkdirSync(scratch);
    cpSync(join(shop, 'gateway'), place, { recursive: true });
    const main = join(place, 'nginx.conf');
    writeFileSync(
      main,
      readFileSync(main, 'utf8')
        .replaceAll('/tmp/', `${scratch}/`)
        .replace('resolver 127.0.0.11 ', `resolver 127.0.0.1:${namePort} `)
        .replace('listen 8080;', `listen 127.0.0.1:${port};`)
        .replace('listen 127.0.0.1:8081;', `listen 127.0.0.1:${health};`),
    );
    const proxy = join(place, 'proxy.conf');
    writeFileSync(proxy, readFileSync(proxy, 'utf8').replace('# 192.0.2.10 1;', `${BALANCER} 1;`));
    const user = process.getuid?.() === 0 ? ['-g', 'user root;'] : [];
    // Not a pipe of Node's: that is a socket, which nobody can open by the name /dev/stdout.
    this.#log = join(this.#folder, 'log');
    const log = openSync(this.#log, 'a');
    this.#nginx = spawn('nginx', ['-e', 'stderr', '-c', main, ...user], { stdio: ['ignore', log, 'inherit'] });
    closeSync(log);
    this.url = `http://127.0.0.1:${port}`;
    await answers(`http://127.0.0.1:${health}/livez`, 204);
  }

  /** Starts an instance of a service at an address of loopback; `answer` is for what it says. */
  async instance(
    name: string,
    address: string,
    answer: (asked: Asked) => 'hang' | 'drop' | Said = () => ({ status: 200, body: '' }),
  ): Promise<void> {
    const server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      const asked = { by: address, method, url, headers, isTaken: () => response.writableFinished };
      this.asked.push(asked);
      request.resume().on('end', () => {
        const said = answer(asked);
        if (said === 'drop') request.socket.destroy();
        else if (said !== 'hang') {
          response.writeHead(said.status, {
            'content-type': 'application/json',
            'x-request-id': headers['x-request-id'] ?? '',
            ...said.headers,
          });
          response[said.isOpen ? 'write' : 'end'](said.body);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(this.#servicePort, address, resolve));
    this.#instances.set(address, server);
    this.names.addresses.set(name, [...(this.names.addresses.get(name) ?? []), address]);
  }

  /** Ends an instance at once, as a kill does. Its name is known on. */
  async kill(address: string): Promise<void> {
    const server = this.#instances.get(address);
    this.#instances.delete(address);
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** The lines that it has logged since this was last asked. */
  async lines(): Promise<Record<string, unknown>[]> {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const lines = readFileSync(this.#log, 'utf8').split('\n').filter(Boolean);
    const fresh = lines.slice(this.#read);
    this.#read = lines.length;
    return fresh.map((line) => JSON.parse(line));
  }

  async stop(): Promise<void> {
    for (const address of [...this.#instances.keys()]) await this.kill(address);
    this.names.stop();
    const nginx = this.#nginx;
    if (!nginx || nginx.exitCode !== null) return;
    const end = new Promise((resolve) => nginx.once('exit', resolve));
    nginx.kill('SIGQUIT');
    await end;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createTcp().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
