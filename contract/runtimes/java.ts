import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, Runtime } from './runtime.ts';

/** What a version is called that changes without the file that names it. */
const MOVING = /<version>\s*(?:[[(]|LATEST|RELEASE|[^<]*-SNAPSHOT)/;

export const java: Runtime = {
  name: 'Java',
  manifests: ['pom.xml', 'build.gradle', 'build.gradle.kts'],
  packageManagers: [
    { name: 'gradle', lock: 'gradle.lockfile', install: ['./gradlew', 'build'] },
    {
      name: 'maven',
      lock: 'pom.xml',
      // It is its own lock: exact versions name exact versions.
      isLock: (text) =>
        !(text.match(/<(dependency|plugin|parent)>[\s\S]*?<\/\1>/g) ?? []).some((part) => MOVING.test(part)),
      install: ['mvn', '--batch-mode', 'package'],
    },
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
  linkedFolders: [],
  programFolders: [],
  programFiles: /\.jar$/,
  compilers: ['javac'],
  installers: ['mvn', 'gradle'],
  // What is needed for tests alone is not packaged.
  development: () => ({ paths: [], programs: [] }),
  stackTrace: /\bat [\w.$<>]+\([\w.]+(\.java|\.kt|\.scala)?:\d+\)/,
};
