/** Something did not happen in time. That is a finding about the service, not an error of the harness. */
export class TimedOut extends Error {
  constructor(what: string, ms: number) {
    super(`${what}: nothing within ${ms} ms`);
    this.name = 'TimedOut';
  }
}

/** A rule cannot be looked at with this service. The rule is skipped, and this is the reason. */
export class Unseen extends Error {
  override name = 'Unseen';
}

/** Something that the harness needs is missing or broken. That says nothing about the service, so it ends the verification. */
export class HarnessFailure extends Error {
  override name = 'HarnessFailure';
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Calls `probe` until it returns something other than `undefined`.
 * @param what what is waited for, for the message
 * @param ms bound in milliseconds
 * @throws TimedOut when the bound has passed
 */
export async function until<T>(
  what: string,
  ms: number,
  probe: () => T | undefined | Promise<T | undefined>,
  everyMs = 15,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() >= end) throw new TimedOut(what, ms);
    await sleep(everyMs);
  }
}

/** The promise's value, or TimedOut after `ms` milliseconds. */
export async function within<T>(what: string, ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(what, ms)), ms);
  });
  try {
    return await Promise.race([promise, bound]);
  } finally {
    clearTimeout(timer);
  }
}

/** The promise's value, or an exception with the signal's reason once it is aborted. */
export async function unlessAborted<T>(signal: AbortSignal | undefined, promise: Promise<T>): Promise<T> {
  if (!signal) return promise;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * The promise's value.
 * @throws TimedOut when the signal was aborted `ms` milliseconds ago and the promise has not settled since
 */
export async function unlessGivenUp<T>(
  what: string,
  ms: number,
  signal: AbortSignal | undefined,
  promise: Promise<T>,
): Promise<T> {
  try {
    return await unlessAborted(signal, promise);
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error;
    return within(what, ms, promise);
  }
}

/** The code of a system error (`ECONNREFUSED`, `ESRCH`), or an empty string. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
