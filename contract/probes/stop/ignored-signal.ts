import type { Observation } from '../../evidence.ts';
import { handlesSignal, hasProcfs, isContainerInit } from '../../harness/process/procfs.ts';
import type { Service } from '../../harness/service.ts';

/**
 * Whether the kernel keeps a signal from a service, since it is process 1 of its namespace and has no handler for it. False
 * where that cannot be seen. Some runtimes have a handler of their own that is gone after the first signal: ask once more then.
 */
export async function isKeptFrom(service: Service, signal: NodeJS.Signals): Promise<boolean> {
  if (!hasProcfs()) return false;
  const { child } = service;
  const pid = child.remote ? await child.remote.pid() : await child.programPid();
  return pid !== undefined && isContainerInit(pid) && handlesSignal(pid, signal) === false;
}

/** What is said of a stop that never begins, and of its cause: all else that was seen of it follows from that. */
export async function ignoredSignal(
  service: Service,
  sent: string,
  signal: NodeJS.Signals,
  ms: number,
): Promise<Observation> {
  const isKept = await isKeptFrom(service, signal);
  const cause = isKept
    ? `: it is process 1 and has no handler for ${signal}, so the kernel does not deliver it. Install a handler, or start it below an init (docker run --init)`
    : `: ${signal} is ignored`;
  return {
    sent,
    expected: 'the signal begins a stop',
    got: `still running after ${Math.round(ms)} ms, and answers as before${cause}`,
    ok: false,
    ...(isKept ? { steady: true } : {}),
  };
}
