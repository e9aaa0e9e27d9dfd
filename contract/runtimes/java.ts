import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, Runtime } from './runtime.ts';

/** What a version is called that changes without the file that names it. */
const MOVING = /<version>\s*(?:[[(]|LATEST|RELEASE|[^<]*-SNAPSHOT)/;
/** The same in a dependency or plugin of Gradle: `1.+`, `[1,2)`, `latest.release`, a snapshot. */
const MOVING_GRADLE = /["'][\w.-]+:[\w.-]+:(?:[^"']*\+|[[(][^"']*|latest\.\w+|[^"']*-SNAPSHOT)["']/;
const GRADLE = { name: 'gradle', install: ['./gradlew', 'build'] } as const;

export const java: Runtime = {
  name: 'Java',
  manifests: ['pom.xml', 'build.gradle', 'build.gradle.kts'],
  packageManagers: [
    { ...GRADLE, lock: 'gradle.lockfile' },
    {
      name: 'maven',
      lock: 'pom.xml',
      // It is its own lock: exact versions name exact versions.
      isLock: (text) =>
        !(text.match(/<(dependency|plugin|parent)>[\s\S]*?<\/\1>/g) ?? []).some((part) => MOVING.test(part)),
      install: ['mvn', '--batch-mode', 'package'],
    },
    // A build with exact versions is its own lock too.
    ...['build.gradle', 'build.gradle.kts'].map((lock) => ({
      ...GRADLE,
      lock,
      isLock: (text: string) => !MOVING_GRADLE.test(text),
    })),
  ],
  installs: ({ commands }) =>
    commands.flatMap((words) => {
      const [program = '', ...rest] = words;
      const name = /(?:^|\/)(mvnw?|gradlew?)$/.exec(program)?.[1] ?? '';
      if (name === '' || rest.length === 0 || rest.includes('--version')) return [];
      const isMoving = rest.some((word) =>
        /^(-U|--update-snapshots|versions:.*|--write-locks|--update-locks|--refresh-dependencies)$/.test(word),
      );
      return [{ text: words.join(' '), isFrozen: !isMoving }];
    }),
  checks: (folder) => {
    const run = (kind: Check['kind'], maven: readonly string[], gradle: string): Check => ({
      kind,
      command: existsSync(join(folder, 'pom.xml'))
        ? ['mvn', '--offline', '--batch-mode', ...maven]
        : ['sh', 'gradlew', '--offline', gradle],
    });
    return [run('build', ['package', '-DskipTests'], 'assemble'), run('test', ['test'], 'test')];
  },
  toolEnvironment: () => ({}),
  needsNetwork: /in offline mode|offline mode\.|No cached version of/,
  linkedFolders: [],
  builtFolders: ['target', 'build'],
  programFolders: [],
  programFiles: /\.jar$/,
  compilers: ['javac'],
  developerTools: ['mvn', 'gradle'],
  installers: ['mvn', 'gradle'],
  // What is needed for tests alone is not packaged.
  development: () => ({ paths: [], programs: [] }),
  stackTrace: /\bat [\w.$<>]+\([\w.]+(\.java|\.kt|\.scala)?:\d+\)/,
};
