import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../contract/harness/http/ports.ts';
import { eventually } from './run.ts';

export const credentials = { user: 'e2e', password: 'of-nobody' };

/** A registry on loopback that wants a login, with what skopeo needs to talk to it. */
export class Registry {
  #process: ChildProcess | undefined;
  host = '';
  /** For the commands that use it: a home that allows plain HTTP for this host alone, and holds its login. */
  env: Record<string, string> = {};

  async start(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    const at = (name: string) => join(folder, name);
    this.host = `127.0.0.1:${await freePort()}`;
    // bcrypt, the only form that the registry takes, from the C library.
    const salt = `$2b$05$${'e'.repeat(22)}`;
    const hash = execFileSync('perl', ['-e', 'print crypt($ARGV[0], $ARGV[1])', credentials.password, salt]);
    writeFileSync(at('htpasswd'), `${credentials.user}:${hash}\n`);
    const config = {
      version: 0.1,
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: at('data') } },
      http: { addr: this.host },
      auth: { htpasswd: { realm: 'e2e', path: at('htpasswd') } },
    };
    writeFileSync(at('config.yml'), JSON.stringify(config));
    mkdirSync(at('.config/containers'), { recursive: true });
    const insecure = `[[registry]]\nlocation = "${this.host}"\ninsecure = true\n`;
    writeFileSync(at('.config/containers/registries.conf'), insecure);
    this.env = { HOME: folder, REGISTRY_AUTH_FILE: at('auth.json') };
    this.#process = spawn('docker-registry', ['serve', at('config.yml')], { stdio: 'ignore' });
    await eventually('the registry to answer', async () => {
      const status = await fetch(`http://${this.host}/v2/`).then(
        (response) => response.status,
        () => undefined,
      );
      return status === 401 ? true : undefined;
    });
  }

  async stop(): Promise<void> {
    if (this.#process === undefined || this.#process.exitCode !== null) return;
    this.#process.kill();
    await once(this.#process, 'exit');
  }
}
