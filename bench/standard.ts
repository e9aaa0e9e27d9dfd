import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { plainEnvironment } from './process.ts';
import type { Subject, Task } from './rounds.ts';
import { START_SUBJECTS } from './subjects.ts';
import { WHOLE_SERVICE, type Workshop } from './workshop.ts';

/** What keeps services on one standard. The first is what the others are compared with. */
export const STANDARD_SUBJECTS: readonly Subject<Workshop>[] = [
  ...START_SUBJECTS.slice(0, 1),
  { id: 'upgrade', title: 'upgrade, whole service, next preset', target: 4, prepare: upgradeTask },
  { id: 'rehearse', title: 'rehearse, 200 services', prepare: rehearseTask },
];

interface Fleet {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The project's own fleet with its presets; the fetched old versions are in the cache. */
function makeFleet({ root, scratch, home }: Workshop, services: number): Fleet {
  const folder = join(scratch, `standard-${services}`);
  const env = plainEnvironment(home, { XDG_CACHE_HOME: join(scratch, `standard-cache-${services}`) });
  const args = ['--import', 'tsx', 'scripts/fleet.ts', folder, '--services', String(services)];
  execFileSync(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  return { folder, env };
}

/** In a repository of its own, copied there before the clock starts. Two files and the manifest change. */
function upgradeTask(workshop: Workshop): Task {
  const { product, scratch } = workshop;
  const { folder, env } = makeFleet(workshop, 1);
  const service = join(folder, 'services/bench');
  const twelve = (args: readonly string[]) =>
    execFileSync(process.execPath, [product.bin, ...args], { cwd: folder, env });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd: service, env });
  twelve([...WHOLE_SERVICE, '--preset', './presets/1.1.0', '--dir', 'services/bench', '--no-git', '--no-install']);
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
  const copyOf = (run: string) => join(folder, 'services', basename(run));
  return {
    command: (run) => {
      cpSync(service, copyOf(run), { recursive: true });
      return {
        argv: [process.execPath, product.bin, 'upgrade', '--preset', '../../presets/2.0.0'],
        cwd: copyOf(run),
        env,
      };
    },
    check: (run) => {
      if (
        !existsSync(join(copyOf(run), 'SECURITY.md')) ||
        !/"version": "2\.0\.0"/.test(readFileSync(join(copyOf(run), '.twelve.json'), 'utf8'))
      )
        throw new Error(`nothing was upgraded below ${scratch}`);
    },
  };
}

/** Some have conflicts or are broken, which needs a person: that is exit code 4, and what was asked for. */
function rehearseTask(workshop: Workshop): Task {
  const { folder, env } = makeFleet(workshop, 200);
  const args = [
    workshop.product.bin,
    'rehearse',
    '--preset',
    join(folder, 'presets/3.0.0'),
    '--fleet',
    join(folder, 'fleet.txt'),
  ];
  return {
    command: (cwd) => ({
      argv: ['/bin/sh', '-c', '"$@"; test $? -eq 4', 'rehearse', process.execPath, ...args],
      cwd,
      env,
    }),
  };
}
