import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment } from './process.ts';
import { type Product, packProduct, readFiles } from './product.ts';
import { type Registry, serveTarballs } from './registry.ts';

/** The options under which every file of a service is made. */
export const WHOLE_SERVICE = [
  'orders',
  '--database',
  'postgres',
  '--cache',
  'redis',
  '--ci',
  'github',
  '--yes',
] as const;

/** What subjects share, made when the first of them asks. All of it lies in one temporary folder. */
export interface Workshop {
  readonly root: string;
  readonly scratch: string;
  readonly product: Product;
  /** A home without settings. */
  readonly home: string;
  /** path -> text of the whole service, as this package creates it. */
  readonly service: () => ReadonlyMap<string, string>;
  /** The versions of other people's packages that were measured. */
  readonly peers: Map<string, string>;
  /** Where `npm install` put one. Throws if it cannot be installed. */
  readonly installPeer: (name: string) => string;
  /** Serves this package and create-hono. */
  readonly registry: () => Promise<Registry>;
  readonly close: () => Promise<void>;
}

export function openWorkshop(root: string, scratch: string): Workshop {
  const home = join(scratch, 'home');
  mkdirSync(home);
  const product = packProduct(root, join(scratch, 'product'));
  const peers = new Map<string, string>();
  const installed = new Map<string, string>();
  let service: ReadonlyMap<string, string> | undefined;
  let registry: Promise<Registry> | undefined;

  const installPeer = (name: string): string => {
    const before = installed.get(name);
    if (before !== undefined) return before;
    const folder = join(scratch, 'peers', name);
    mkdirSync(folder, { recursive: true });
    npm(['install', '--no-audit', '--no-fund', '--prefix', folder, `${name}@latest`], folder);
    const path = join(folder, 'node_modules', name);
    peers.set(name, (JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { version: string }).version);
    installed.set(name, path);
    return path;
  };

  return {
    root,
    scratch,
    product,
    home,
    peers,
    installPeer,
    service: () => {
      service ??= createService(product, home, join(scratch, 'service'));
      return service;
    },
    registry: () => {
      registry ??= serveTarballs([
        product.tarball,
        ...packInstalled(installPeer('create-hono'), join(scratch, 'hono')),
      ]);
      return registry;
    },
    close: async () => (await registry)?.close(),
  };
}

function createService(product: Product, home: string, folder: string): ReadonlyMap<string, string> {
  mkdirSync(folder);
  execFileSync(process.execPath, [product.bin, ...WHOLE_SERVICE, '--no-git', '--no-install'], {
    cwd: folder,
    env: plainEnvironment(home),
    stdio: 'ignore',
  });
  return readFiles(join(folder, WHOLE_SERVICE[0]));
}

/** The tarballs, as published, of an installed package and of all that was installed with it. */
function packInstalled(path: string, folder: string): string[] {
  const lock = join(path, '..', '.package-lock.json');
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, { version: string }> };
  const specs = Object.entries(packages).map(
    ([place, { version }]) => `${place.split('node_modules/').at(-1)}@${version}`,
  );
  mkdirSync(folder);
  npm(['pack', '--pack-destination', folder, ...specs], folder);
  return readdirSync(folder).map((file) => join(folder, file));
}

/** With the settings of whoever runs the bench: this is where a mirror or a proxy is needed. */
function npm(args: readonly string[], cwd: string): void {
  try {
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const lines = (stderr ?? '').split('\n').filter((line) => line.startsWith('npm error'));
    throw new Error(`npm ${args[0]} failed: ${lines[0] ?? (error as Error).message}`, { cause: error });
  }
}
