import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program in the place of the Docker client, for what is to be seen of a client and not of an engine. */
export interface FakeDocker {
  /** Command lines so far, without the program. */
  calls(): string[];
  remove(): void;
}

/**
 * Puts a script before everything else on PATH.
 * @param body of a shell script; `$1` is the command, `$DOCKER_FAKE` a folder of its own
 */
export function fakeDocker(body: string): FakeDocker {
  const folder = mkdtempSync(join(tmpdir(), 'twelve-fake-docker-'));
  const log = join(folder, 'calls');
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\nprintf '%s\\n' "$*" >> "$DOCKER_FAKE/calls"\n${body}\n`);
  chmodSync(join(folder, 'docker'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  process.env.DOCKER_FAKE = folder;
  return {
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []),
    remove: () => {
      process.env.PATH = PATH;
      delete process.env.DOCKER_FAKE;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
