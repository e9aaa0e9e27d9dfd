import { descendants, hasProcfs } from './procfs.ts';
import { MARK } from './reaper.ts';
import { relatives, startOf } from './relatives.ts';

/** How often a process is asked for its children. A child that leaves it sooner may be missed. */
const CHILDREN_MS = 250;

/**
 * A process and all that it started: its process group, what has its mark in the environment, and the descendants that
 * left the group and emptied their environment.
 */
export class Family {
  readonly pid: number;
  readonly #mark: string | undefined;
  /** What it started, by process id, with the time of the start. */
  readonly #descendants = new Map<number, string>();
  readonly #watch: NodeJS.Timeout | undefined;
  /** From then on its process id may be another's. */
  #hasEnded = false;

  /** @param mark without one only the process group is looked at */
  constructor(pid: number, mark: string | undefined) {
    this.pid = pid;
    this.#mark = mark;
    if (mark !== undefined && hasProcfs()) this.#watch = setInterval(() => this.look(), CHILDREN_MS).unref();
  }

  /** Process ids of what is still there, the process itself included. */
  members(): number[] {
    const mark = this.#mark;
    this.look();
    const known = relatives(this.pid, mark === undefined ? undefined : `${MARK}=${mark}`);
    return [...new Set([...known, ...this.#living()])];
  }

  /** Has to be called when the process has ended. */
  ended(): void {
    this.#hasEnded = true;
  }

  /** Looks for no more children by itself. */
  forget(): void {
    clearInterval(this.#watch);
  }

  /** Notes what it has started: when it has ended, nothing tells whose these are. */
  look(): void {
    if (this.#mark === undefined || !hasProcfs()) return;
    const known = this.#living();
    for (const pid of descendants(this.#hasEnded ? known : [this.pid, ...known])) {
      const startedAt = this.#descendants.has(pid) ? undefined : startOf(pid);
      if (startedAt !== undefined) this.#descendants.set(pid, startedAt);
    }
  }

  #living(): number[] {
    return [...this.#descendants].filter(([pid, at]) => startOf(pid) === at).map(([pid]) => pid);
  }
}
