import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeBinary } from '../../contract/node-binary.ts';
import { must, run } from './run.ts';

/** A program that downloads packages and starts them, of one release line. */
interface Line {
  /** What is installed, without running anything of it. */
  readonly install: string;
  /** The Node that it needs; without one it is a program of its own. */
  readonly node?: number;
  /** Word that a person types -> file in the folder of the install. */
  readonly words: Readonly<Record<string, string>>;
}

/** By the heads of the tables in docs/clients.md. */
export const LINES: Readonly<Record<string, Line>> = {
  'npm 10': npm('npm@10.9.9', 20),
  'npm 11': npm('npm@11', 24),
  'npm 12': npm('npm@12', 24),
  'pnpm 9': { install: 'pnpm@9.15.9', node: 20, words: { pnpm: 'node_modules/pnpm/bin/pnpm.cjs' } },
  'pnpm 10': { install: 'pnpm@10', node: 20, words: { pnpm: 'node_modules/pnpm/bin/pnpm.cjs' } },
  'pnpm 11': { install: 'pnpm@11', node: 24, words: { pnpm: 'node_modules/pnpm/bin/pnpm.mjs' } },
  'pnpm 12': { install: 'pnpm@12', words: { pnpm: 'node_modules/@pnpm/exe.linux-x64/pnpm' } },
  'yarn 1': { install: 'yarn@1.22.22', node: 20, words: { yarn: 'node_modules/yarn/bin/yarn.js' } },
  'yarn 4': { install: '@yarnpkg/cli-dist@4', node: 20, words: { yarn: 'node_modules/@yarnpkg/cli-dist/bin/yarn.js' } },
  'bun 1': { install: '@oven/bun-linux-x64@1', words: { bun: 'node_modules/@oven/bun-linux-x64/bin/bun' } },
};

function npm(install: string, node: number): Line {
  const at = (file: string) => `node_modules/npm/bin/${file}-cli.js`;
  return { install, node, words: { npm: at('npm'), npx: at('npx') } };
}

/** A client that is there: it runs in a home that knows one registry, and nothing of this machine. */
export class Client {
  readonly #folder: string;
  readonly #line: Line;
  #node = process.execPath;

  /** @param folder of its own */
  constructor(name: string, folder: string) {
    const line = LINES[name];
    if (line === undefined) throw new Error(`no client is called ${name}`);
    this.#line = line;
    this.#folder = folder;
  }

  /** @returns why it cannot be here, if it cannot */
  async install(): Promise<string | undefined> {
    const { install, node, words } = this.#line;
    if (node !== undefined) {
      const binary = await nodeBinary(node);
      if ('reason' in binary) return binary.reason;
      this.#node = binary.path;
    }
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, 'package.json'), '{"private": true}');
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--force', install];
    const { code, stderr } = await run('npm', args, { cwd: this.#folder, timeout: 120_000 });
    if (code !== 0) return `${install} cannot be installed here: ${stderr.trim().split('\n')[0]}`;
    const missing = Object.values(words).find((file) => !existsSync(join(this.#folder, file)));
    return missing && `${install} has no ${missing} on this machine`;
  }

  /**
   * Lets it know one registry, each in its own words, and keep everything below its folder.
   * @param isCareful whether it takes only what is a week old
   */
  use(registry: string, isCareful = false): void {
    const home = this.#home;
    mkdirSync(join(home, 'bin'), { recursive: true });
    const write = (name: string, text: string, mode = 0o644) => writeFileSync(join(home, name), text, { mode });
    const age = (setting: string) => (isCareful ? `${setting}\n` : '');
    write('.npmrc', `registry=${registry}\nupdate-notifier=false\n${age('min-release-age=7')}`);
    mkdirSync(join(home, 'config/pnpm'), { recursive: true });
    write('config/pnpm/config.yaml', age('minimumReleaseAge: 10080'));
    write('config/pnpm/rc', age('minimum-release-age=10080'));
    write('.yarnrc', `registry "${registry}"\nprefix "${home}/prefix"\n--global-folder "${home}/global"\n`);
    write(
      '.yarnrc.yml',
      `npmRegistryServer: "${registry}"\nunsafeHttpWhitelist: ["127.0.0.1"]\nenableTelemetry: false\n${age('npmMinimalAgeGate: 7d')}`,
    );
    // bun looks for it where settings are.
    write('config/.bunfig.toml', `[install]\nregistry = "${registry}"\n${age('minimumReleaseAge = 604800')}`);
    // How a service is made is tried here; installing what it needs is tried elsewhere.
    for (const tool of ['npm', 'pnpm']) write(`bin/${tool}`, '#!/bin/sh\nexit 0\n', 0o755);
  }

  /** Runs a command as a person types it. */
  async type(command: string, cwd: string): Promise<{ code: number; said: string }> {
    const [word = '', ...args] = command.split(' ');
    const file = join(this.#folder, this.#line.words[word] ?? `no ${word}`);
    const [program, first] = this.#line.node === undefined ? [file, []] : [this.#node, [file]];
    const inherited = Object.keys(process.env).filter((name) =>
      /^npm_|^(NODE|VITEST|TWELVE|BUN|YARN|PNPM)_?/.test(name),
    );
    const env = {
      ...Object.fromEntries(inherited.map((name) => [name, undefined])),
      HOME: this.#home,
      XDG_CACHE_HOME: join(this.#home, 'cache'),
      XDG_DATA_HOME: join(this.#home, 'data'),
      XDG_CONFIG_HOME: join(this.#home, 'config'),
      CI: 'true',
      // Where root installs for everybody, yarn 1 would too.
      FAKEROOTKEY: '1',
      PATH: `${join(this.#home, 'bin')}:${dirname(this.#node)}:/usr/bin:/bin`,
    };
    const { code, stdout, stderr } = await run(program, [...first, ...args], { cwd, env, timeout: 60_000 });
    return { code, said: stdout + stderr };
  }

  get #home(): string {
    return join(this.#folder, 'home');
  }
}

/** This package as it would be published. */
export async function packed(root: string, folder: string): Promise<string> {
  const out = await must('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: root });
  const [{ filename }] = Object.values(JSON.parse(out)) as [{ filename: string }];
  return join(folder, filename);
}
