import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.ts';
import { freePort } from './ports.ts';
import { findProgram } from './programs.ts';
import { forget, reap } from './reaper.ts';

/** A real Redis on 127.0.0.1 without persistence. Each probe has a numbered database of its own. */
export class RedisServer {
  readonly port: number;
  readonly #child: Child;
  readonly #folder: string;
  #databases = 0;

  private constructor(child: Child, folder: string, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.port = port;
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
    return new RedisServer(child, folder, port);
  }

  /** The URL of a database that nobody else was given. */
  freshUrl(): string {
    this.#databases += 1;
    return `redis://127.0.0.1:${this.port}/${this.#databases}`;
  }

  async stop(): Promise<void> {
    await this.#child.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
    forget({ kind: 'folder', id: this.#folder });
  }
}
