import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { footprint, loads, type Programs, STORED } from './programs.ts';
import type { Comparison, Figures, Subject } from './rounds.ts';

/** The router of the service by hand, and the standard library alone. */
const PROGRAMS: Programs = {
  service: ['bin/service'],
  stack: 'go',
  requests: 6000,
  bares: [
    { id: 'huma', title: 'huma', build: (folder, serves) => buildBare(folder, 'huma', serves) },
    { id: 'http', title: 'net/http', build: (folder, serves) => buildBare(folder, 'http', serves) },
  ],
};

/** A service in Go against programs by hand that its own go.mod builds. */
export const GO_COMPARISONS: readonly Comparison[] = [
  ...loads(PROGRAMS),
  ...footprint(PROGRAMS),
  {
    id: 'binary',
    title: 'program',
    options: ['--database', 'postgres', '--cache', 'redis'],
    targets: {},
    rounds: 1,
    service: async (folder) => sized(join(folder, 'bin/service')),
    bare: async (folder) => sized(buildBare(folder, 'http', 'products')[0] ?? ''),
  },
  built('build-cold', 'go build, nothing cached', true),
  built('build-warm', 'go build, one file edited', false),
];

/** Builds a program by hand inside the service, whose modules it takes. */
function buildBare(folder: string, bare: 'huma' | 'http', what: 'slugs' | 'products'): string[] {
  const sources = join(import.meta.dirname, 'bare/go');
  const name = `bare-${bare}-${what}`;
  const program = join(folder, 'bin', name);
  mkdirSync(join(folder, name), { recursive: true });
  const files = ['common.go', `${bare}/${what}.go`, ...(what === 'products' ? ['store.go'] : [])];
  for (const file of files) cpSync(join(sources, file), join(folder, name, file.replace('/', '-')));
  execFileSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', program, `./${name}`], { cwd: folder });
  rmSync(join(folder, name), { recursive: true });
  return [program];
}

function sized(file: string): Subject {
  return { sample: async () => ({ size: statSync(file).size / 2 ** 20 }) };
}

/** Milliseconds of `make build`. */
function built(id: string, title: string, isCold: boolean): Comparison {
  return {
    id,
    title,
    options: STORED,
    targets: {},
    rounds: isCold ? 1 : 3,
    service: async (folder) => ({ sample: async () => timeBuild(folder, isCold) }),
  };
}

function timeBuild(folder: string, isCold: boolean): Figures {
  const cache = mkdtempSync(join(tmpdir(), 'twelve-bench-go-'));
  const edited = join(folder, 'main.go');
  const { size } = statSync(edited);
  appendFileSync(edited, `\nvar _ = ${Math.random()}\n`);
  try {
    const begun = performance.now();
    execFileSync('make', ['build'], {
      cwd: folder,
      env: { ...process.env, ...(isCold ? { GOCACHE: cache } : {}) },
      stdio: 'ignore',
    });
    return { time: performance.now() - begun };
  } finally {
    truncateSync(edited, size);
    rmSync(cache, { recursive: true, force: true });
  }
}
