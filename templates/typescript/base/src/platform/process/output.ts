// No library keeps this: a reader of stdout that stalls neither blocks the process nor fills its memory,
// and what a reader still takes is written before the process ends.
import { writeSync } from "node:fs";

const limit = 1024 * 1024;
const retryAfter = 10;
const patience = 1000;

/** Lines on their way to a pipe that does not block; one write for all lines of a turn of the event loop. */
export class Output {
  /** How many lines were given up, because a megabyte of them waited or nobody can read any more. */
  dropped = 0;
  readonly #fd: number;
  readonly #told: (dropped: number) => void;
  #reported = 0;
  #lines: string[] = [];
  #length = 0;
  #unsent = Buffer.alloc(0);
  #scheduled = false;
  #stalledSince: number | undefined;

  /** @param told hears how many lines were dropped, as soon as lines are taken again */
  constructor(fd: number, told: (dropped: number) => void) {
    this.#fd = fd;
    this.#told = told;
  }

  write(line: string): void {
    if (this.#length > limit) {
      this.dropped += 1;
      return;
    }
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  /** Writes what is left, as long as the reader takes some of it. */
  finish(): void {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    while (!this.#send() && performance.now() - (this.#stalledSince ?? 0) < patience) {
      Atomics.wait(cell, 0, 0, retryAfter);
    }
  }

  #flush(): void {
    this.#scheduled = !this.#send();
    if (this.#scheduled) setTimeout(() => this.#flush(), retryAfter);
    else if (this.dropped > this.#reported) {
      const dropped = this.dropped - this.#reported;
      this.#reported = this.dropped;
      this.#told(dropped);
    }
  }

  /** Whether all of it is gone: taken, or given up because there is no reader. */
  #send(): boolean {
    if (this.#lines.length > 0) {
      const lines = Buffer.from(this.#lines.join(""));
      this.#unsent = this.#unsent.length > 0 ? Buffer.concat([this.#unsent, lines]) : lines;
      this.#lines = [];
    }
    try {
      while (this.#unsent.length > 0) {
        this.#unsent = this.#unsent.subarray(writeSync(this.#fd, this.#unsent));
        this.#stalledSince = undefined;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") {
        this.#stalledSince ??= performance.now();
        this.#length = this.#unsent.length;
        return false;
      }
      this.#unsent = Buffer.alloc(0);
    }
    this.#length = 0;
    return true;
  }
}
