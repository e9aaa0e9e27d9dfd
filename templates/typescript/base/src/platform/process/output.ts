// No library keeps this: a reader of stdout that stalls neither blocks the process nor fills its memory,
// and what a reader still takes is written before the process ends.
import { writeSync } from "node:fs";

const limit = 1024 * 1024;
const retryAfter = 10;
const patience = 1000;

/** Lines on their way to a pipe that does not block; one write for all lines of a turn of the event loop. */
export class Output {
  /** How many lines were given up: a megabyte of them waited, or nobody can read any more. */
  dropped = 0;
  #told = 0;
  #lines: string[] = [];
  #waiting = 0;
  #unsent = Buffer.alloc(0);
  #scheduled = false;
  #stalledSince: number | undefined;
  readonly #fd: number;
  readonly #tell: (dropped: number) => void;

  /** @param tell hears how many lines were dropped, as soon as lines are taken again */
  constructor(fd: number, tell: (dropped: number) => void) {
    this.#fd = fd;
    this.#tell = tell;
  }

  write(line: string): void {
    if (this.#waiting > limit) {
      this.dropped += 1;
      return;
    }
    this.#lines.push(line);
    this.#waiting += line.length;
    if (!this.#scheduled) setImmediate(() => this.#flush());
    this.#scheduled = true;
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
    else if (this.dropped > this.#told) {
      const dropped = this.dropped - this.#told;
      this.#told = this.dropped;
      this.#tell(dropped);
    }
  }

  /** Whether nothing is left: it was taken, or given up because there is no reader. */
  #send(): boolean {
    const lines = this.#lines.splice(0);
    this.#unsent = Buffer.concat([this.#unsent, Buffer.from(lines.join(""))]);
    try {
      while (this.#unsent.length > 0) {
        this.#unsent = this.#unsent.subarray(writeSync(this.#fd, this.#unsent));
        this.#stalledSince = undefined;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN")
        this.#stalledSince ??= performance.now();
      else this.#unsent = Buffer.alloc(0);
    }
    this.#waiting = this.#unsent.length;
    return this.#waiting === 0;
  }
}
