import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../contract/harness/http/ports.ts';
import { eventually, must } from './run.ts';

/** The last line that runs on every Node that this project supports. */
const VERSION = '6.5.2';

/** A real registry on loopback that lets nobody in without a login. */
export class Verdaccio {
  readonly #folder: string;
  #process: ChildProcess | undefined;
  url = '';

  /** @param folder of the suite; everything is written into it */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Installs it, without running anything of what is installed. */
  async install(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    // Its dependencies name a tag of node-fetch, which a mirror need not have.
    const manifest = { private: true, overrides: { 'node-fetch': '2.7.0' } };
    writeFileSync(join(this.#folder, 'package.json'), JSON.stringify(manifest));
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `verdaccio@${VERSION}`];
    await must('npm', args, { cwd: this.#folder, timeout: 240_000 });
  }

  async start(): Promise<void> {
    const address = `127.0.0.1:${await freePort()}`;
    this.url = `http://${address}/`;
    const at = (name: string) => join(this.#folder, name);
    const everybody = { access: '$authenticated', publish: '$authenticated' };
    const config = {
      storage: at('storage'),
      auth: { htpasswd: { file: at('htpasswd') } },
      uplinks: {},
      packages: { '**': everybody },
      log: { type: 'stdout', level: 'fatal' },
      listen: address,
    };
    writeFileSync(at('config.yaml'), JSON.stringify(config));
    const program = at('node_modules/verdaccio/bin/verdaccio');
    this.#process = spawn(process.execPath, [program, '--config', at('config.yaml')], { stdio: 'ignore' });
    await eventually('verdaccio to answer', async () =>
      fetch(`${this.url}-/ping`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      ),
    );
  }

  /** Makes a user, as `npm adduser` does; gives the token. */
  async addUser(name: string): Promise<string> {
    const response = await fetch(`${this.url}-/user/org.couchdb.user:${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password: 'of-nobody' }),
    });
    const { token } = (await response.json()) as { token?: string };
    if (token === undefined) throw new Error(`verdaccio answered ${response.status} and no token`);
    return token;
  }

  async stop(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    running.kill();
    await once(running, 'exit');
  }
}
