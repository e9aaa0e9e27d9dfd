import { randomUUID } from 'node:crypto';
import type { ImageTarget, StartedTarget } from '../target.ts';
import { docker, dockerProgram, giveVariables, removeContainer, unlessGone } from './image/docker.ts';
import { offlineArguments } from './process/offline.ts';
import type { Launch } from './process/process.ts';
import { findProgram } from './process/programs.ts';
import { straceArguments } from './process/strace.ts';
import { HarnessFailure } from './wait.ts';

/** Ways to start a program inside of something else. */
export type Wrap =
  | { readonly kind: 'pid1' }
  | { readonly kind: 'strace'; readonly output: string }
  /** In a network that has nothing but a loopback interface. */
  | { readonly kind: 'offline' }
  /** Arguments for `docker run`; for images only. */
  | { readonly kind: 'docker'; readonly args: readonly string[] };

export interface LaunchOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** A folder that a container sees under the same path. */
  readonly temp: string;
  readonly wrap?: Wrap | undefined;
  /** See Launch. */
  readonly paused?: boolean;
}

/** How to start a verb of a target. */
export function launch(target: StartedTarget, { args, env, cwd, temp, wrap, paused = false }: LaunchOptions): Launch {
  if (target.kind === 'image') return { ...launchImage(target, args, env, temp, wrap), paused };
  const [file = '', ...rest] = [...target.command, ...(target.verbless ? [] : args)];
  const common = { cwd, env, mark: randomUUID(), paused };
  if (wrap?.kind === 'pid1') {
    const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const flags = [...user, '--pid', '--fork', '--kill-child', '--mount-proc', '--'];
    return { ...common, file: program('unshare'), args: [...flags, file, ...rest], wrapped: true };
  }
  if (wrap?.kind === 'strace') {
    return { ...common, file: program('strace'), args: straceArguments(wrap.output, file, rest), wrapped: true };
  }
  if (wrap?.kind === 'offline') return { ...common, file: program('unshare'), args: offlineArguments(file, rest) };
  return { ...common, file, args: rest };
}

function launchImage(
  { image, serve }: ImageTarget,
  args: readonly string[],
  env: LaunchOptions['env'],
  temp: string,
  wrap?: Wrap,
): Launch {
  const name = `twelve-probe-${randomUUID().slice(0, 12)}`;
  const { PATH: _path, TMPDIR: _temp, ...own } = env;
  const given = giveVariables(own);
  const extra = wrap?.kind === 'docker' ? wrap.args : [];
  const flags = ['run', '--rm', '--name', name, '--network', 'host', '-v', `${temp}:${temp}:ro`, ...extra];
  return {
    file: dockerProgram(),
    args: [...flags, ...given.args, image, ...(serve ?? args)],
    cwd: temp,
    env: given.env,
    remote: {
      name,
      signal: async (signal) => void (await docker(['kill', '-s', signal, name]).catch(unlessGone)),
      pid: async () => {
        const pid = Number(await docker(['inspect', '--format', '{{.State.Pid}}', name]).catch(unlessGone));
        return pid > 0 ? pid : undefined;
      },
      remove: () => removeContainer(name),
    },
  };
}

function program(name: string): string {
  const found = findProgram(name);
  if (found === undefined) throw new HarnessFailure(`${name} is not installed`);
  return found;
}
