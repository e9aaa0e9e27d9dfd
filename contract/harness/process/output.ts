import type { Readable } from 'node:stream';
import { type Line, OutputLine } from './line.ts';

/** How much a service may write while it is looked at: 100 times as much as a talkative one does. */
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** What a process writes: standard output as lines, standard error as a text, and when each came. */
export class Output {
  readonly lines: Line[] = [];
  stderr = '';
  /** Set when it was more than OUTPUT_BYTES, of which the rest is not read. */
  flooded: string | undefined;
  /** Settles when both streams are closed. */
  readonly closed: Promise<unknown>;
  readonly #startedAt = performance.now();
  readonly #stdout: Readable;
  readonly #stderr: Readable;
  readonly #names: Readonly<Record<string, string>> | undefined;
  readonly #onFlood: () => void;
  /** When something came on standard error. */
  readonly #errorTimes: number[] = [];
  #rest: string[] = [];
  #bytes = 0;

  /**
   * Standard output is read once `resume` is called, standard error at once.
   * @param options.names what this log calls a field, by the contract's name
   * @param options.onFlood called when it is too much
   */
  constructor(
    { stdout, stderr }: { readonly stdout: Readable; readonly stderr: Readable },
    options: { readonly names: Readonly<Record<string, string>> | undefined; readonly onFlood: () => void },
  ) {
    this.#stdout = stdout.setEncoding('utf8');
    this.#stderr = stderr.setEncoding('utf8');
    this.#names = options.names;
    this.#onFlood = options.onFlood;
    this.#stderr.on('data', (chunk: string) => {
      if (!this.#fits(chunk)) return;
      this.stderr += chunk;
      this.#errorTimes.push(performance.now());
    });
    const isClosed = (stream: Readable) => new Promise<void>((resolve) => stream.once('close', () => resolve()));
    this.closed = Promise.all([this.#stdout, this.#stderr].map(isClosed));
  }

  /** Everything that was printed, both streams. */
  get text(): string {
    return `${this.lines.map((line) => line.text).join('\n')}\n${this.#rest.join('')}${this.stderr}`;
  }

  /** Reads standard output, from the start or after `pause`. */
  resume(): void {
    if (this.#stdout.listenerCount('data') > 0) this.#stdout.resume();
    else this.#stdout.on('data', (chunk: string) => this.#read(chunk));
  }

  /** Reads no more of standard output. */
  pause(): void {
    this.#stdout.pause();
  }

  /** When something first came after a moment, on either stream. */
  wroteAfter(from: number): number | undefined {
    const times = [this.lines.find(({ at }) => at >= from)?.at, this.#errorTimes.find((at) => at >= from)];
    const known = times.filter((at) => at !== undefined);
    return known.length > 0 ? Math.min(...known) : undefined;
  }

  /** Takes what has no line break at its end as a line: no more comes. */
  finish(): void {
    if (this.#rest.length > 0) this.#read('\n');
  }

  destroy(): void {
    this.#stdout.destroy();
    this.#stderr.destroy();
  }

  #fits(chunk: string): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes <= OUTPUT_BYTES) return true;
    if (this.flooded === undefined) {
      const ms = Math.round(performance.now() - this.#startedAt);
      this.flooded = `it wrote more than ${OUTPUT_BYTES / 1024 / 1024} MiB of log in ${ms} ms, and was ended`;
      this.destroy();
      this.#onFlood();
    }
    return false;
  }

  #read(chunk: string): void {
    if (!this.#fits(chunk)) return;
    const [first = '', ...parts] = chunk.split('\n');
    this.#rest.push(first);
    if (parts.length === 0) return;
    const next = parts.pop() ?? '';
    for (const text of [this.#rest.join(''), ...parts])
      this.lines.push(new OutputLine(performance.now(), text, this.#names));
    this.#rest = next === '' ? [] : [next];
  }
}
