/**
 * What the program waits for. Whoever starts it may show that to a person: this room has no terminal.
 * @returns what takes it away again
 */
type Show = (what: string) => () => void;

/** Each bundle of this program has a copy of this module, and all of them show it in the same way. */
const SHOW = Symbol.for('create-twelve-service.waiting');
const shared = globalThis as { [SHOW]?: Show };

/** Sets how waiting is shown. Without it, nothing is. */
export function showWaitingWith(show: Show): void {
  shared[SHOW] = show;
}

/** @param what is waited for */
export async function waitingFor<T>(what: string, work: Promise<T>): Promise<T> {
  const done = shared[SHOW]?.(what);
  try {
    return await work;
  } finally {
    done?.();
  }
}
