import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../http/ports.ts';
import { RawConnection } from '../http/raw-connection.ts';
import { startContainer } from '../image/container.ts';
import { Child } from '../process/child.ts';
import { findProgram } from '../process/programs.ts';
import { forget, reap } from '../process/reaper.ts';
import { until } from '../wait.ts';

/** A Redis on 127.0.0.1 without persistence. Each probe gets a numbered database. */
export class RedisServer {
  readonly port: number;
  readonly #end: () => Promise<void>;
  #databases = 0;

  private constructor(port: number, end: () => Promise<void>) {
    this.port = port;
    this.#end = end;
  }

  static program(): string | undefined {
    return findProgram('redis-server') ?? findProgram('valkey-server');
  }

  /** @throws when Redis is not installed or does not start within 60 s */
  static async start(): Promise<RedisServer> {
    const file = RedisServer.program();
    if (file === undefined) throw new Error('no redis-server found: Redis is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'twelve-redis-'));
    reap({ kind: 'folder', id: folder });
    const port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--databases', '10000', '--dir', folder];
    const child = new Child({ file, args, cwd: folder, env: { PATH: '/usr/bin:/bin' } });
    await child.line('Redis to accept connections', 60_000, ({ text }) => text.includes('Ready to accept connections'));
    return new RedisServer(port, async () => {
      await child.dispose();
      rmSync(folder, { recursive: true, force: true });
      forget({ kind: 'folder', id: folder });
    });
  }

  /** Starts one in a container. @throws when the engine does not start it, or it does not answer within 60 s */
  static async contain(image: string): Promise<RedisServer> {
    const { port, stop } = await startContainer(image, 6379, { args: ['redis-server', '--databases', '10000'] });
    const ping = async () => {
      const connection = await RawConnection.open(new URL(`http://127.0.0.1:${port}`)).catch(() => undefined);
      connection?.write('PING\r\n');
      const isUp = await connection?.says('+PONG', 500).catch(() => false);
      connection?.destroy();
      return isUp || undefined;
    };
    await until('Redis to answer', 60_000, ping, 100).catch(async (error) => {
      await stop();
      throw error;
    });
    return new RedisServer(port, stop);
  }

  /** The URL of a database that was not handed out before. */
  freshUrl(): string {
    this.#databases += 1;
    return `redis://127.0.0.1:${this.port}/${this.#databases}`;
  }

  stop(): Promise<void> {
    return this.#end();
  }
}
