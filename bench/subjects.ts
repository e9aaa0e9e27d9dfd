import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { plainEnvironment } from './process.ts';
import { readFiles, requireSameFiles } from './product.ts';
import type { Subject, Task } from './rounds.ts';
import { WHOLE_SERVICE, type Workshop } from './workshop.ts';

const NODE = process.execPath;
const FILES_ONLY = [...WHOLE_SERVICE, '--no-git', '--no-install'];

/** What is started with Node itself, without npm. The first is what the others are compared with. */
export const START_SUBJECTS: readonly Subject<Workshop>[] = [
  {
    id: 'node',
    title: 'node -e 0',
    prepare: ({ home }) => ({
      command: (cwd) => ({ argv: [NODE, '-e', '0'], cwd, env: plainEnvironment(home) }),
    }),
  },
  {
    id: 'create',
    title: 'create, whole service, steady',
    target: 1.5,
    prepare: (workshop) => ours(workshop, FILES_ONLY, { check: requireService(workshop) }),
  },
  {
    id: 'create-first',
    title: 'create, whole service, first run',
    target: 1.9,
    prepare: (workshop) => ours(workshop, FILES_ONLY, { check: requireService(workshop), emptyCache: true }),
  },
  {
    id: 'help',
    title: '--help',
    target: 1.3,
    prepare: (workshop) => ours(workshop, ['--help']),
  },
  {
    id: 'describe',
    title: 'describe --format json',
    prepare: (workshop) => ours(workshop, ['describe', '--format', 'json']),
  },
  {
    id: 'add-endpoint',
    title: 'add-endpoint, in a service',
    target: 2,
    prepare: addEndpointTask,
  },
  {
    id: 'create-git',
    title: 'create, with the first git commit',
    prepare: (workshop) =>
      ours(workshop, [...WHOLE_SERVICE, '--no-install'], {
        check: (folder) => {
          if (!existsSync(join(folder, 'orders', '.git', 'refs', 'heads', 'main')))
            throw new Error('nothing committed');
        },
      }),
  },
  {
    id: 'create-vite',
    title: 'create-vite, vanilla-ts',
    prepare: (workshop) => {
      const program = join(workshop.installPeer('create-vite'), 'index.js');
      return {
        command: (cwd) => ({
          argv: [NODE, program, 'orders', '--template', 'vanilla-ts', '--no-interactive'],
          cwd,
          env: plainEnvironment(workshop.home),
        }),
        check: (folder) => {
          if (!existsSync(join(folder, 'orders', 'package.json'))) throw new Error('create-vite made no project');
        },
      };
    },
  },
  { id: 'plop', title: 'plop addMany, the same files', prepare: plopTask },
  { id: 'floor', title: 'node:fs, the same files', prepare: floorTask },
];

/** @param how emptyCache: as on a machine where this program never ran */
function ours(
  { product, home }: Workshop,
  args: readonly string[],
  how: { check?: (folder: string) => void; emptyCache?: boolean } = {},
): Task {
  return {
    command: (cwd) => ({
      argv: [NODE, product.bin, ...args],
      cwd,
      env: plainEnvironment(home, how.emptyCache ? { XDG_CACHE_HOME: `${cwd}-cache` } : {}),
    }),
    ...(how.check ? { check: how.check } : {}),
  };
}

/** In a whole service, which is copied there before the clock starts. */
function addEndpointTask(workshop: Workshop): Task {
  const files = [...workshop.service()];
  const route = 'POST /orders/:orderId/items';
  const task = ours(workshop, ['add-endpoint', route, '--body', 'sku:string!', '--response', 'id:uuid', '--yes']);
  return {
    command: (cwd) => {
      for (const [path, text] of files) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true });
        writeFileSync(join(cwd, path), text);
      }
      return task.command(cwd);
    },
    check: (folder) => {
      if (!existsSync(join(folder, 'src/features/orders-by-order-id-items-post/routes.ts')))
        throw new Error('no endpoint was added');
    },
  };
}

function requireService(workshop: Workshop): (folder: string) => void {
  return (folder) => requireSameFiles(workshop.service(), readFiles(join(folder, 'orders')));
}

/** plop renders each file, so what looks like a template in a finished file is escaped first. */
function plopTask(workshop: Workshop): Task {
  const templates = join(workshop.scratch, 'plop-templates');
  for (const [path, text] of workshop.service()) {
    const file = join(templates, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text.replaceAll('{{', '\\{{'));
  }
  const entry = createRequire(join(workshop.root, 'package.json')).resolve('plop/package.json');
  const { version } = JSON.parse(readFileSync(entry, 'utf8')) as { version: string };
  workshop.peers.set('plop', version);
  return {
    command: (cwd) => ({
      argv: [
        NODE,
        join(dirname(entry), 'bin', 'plop.js'),
        '--plopfile',
        join(import.meta.dirname, 'plopfile.cjs'),
        'service',
      ],
      cwd,
      env: plainEnvironment(workshop.home, { BENCH_TEMPLATES: templates, BENCH_TARGET: join(cwd, 'orders') }),
    }),
    check: requireService(workshop),
  };
}

function floorTask(workshop: Workshop): Task {
  const source = join(workshop.scratch, 'service.json');
  writeFileSync(source, JSON.stringify([...workshop.service()]));
  return {
    command: (cwd) => ({
      argv: [NODE, join(import.meta.dirname, 'write-files.cjs'), source, join(cwd, 'orders')],
      cwd,
      env: plainEnvironment(workshop.home),
    }),
    check: requireService(workshop),
  };
}
