import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { readServiceFiles, type ServiceFiles } from './read-service.ts';
import type { ServiceReader } from './service-reader.ts';

/** Services below which starting a thread costs more than it saves. */
const MIN_SERVICES = 150;
const MAX_THREADS = 4;
/** Services that a thread reads at a time. */
const CHUNK = 25;
/** Chunks that may be read ahead, for each thread: what nobody asked for yet takes memory. */
const AHEAD = 4;

/** In several threads where there are many services: reading is what an audit spends its time on. */
export function openServiceReader(roots: readonly string[]): ServiceReader {
  const { availableParallelism } = process.getBuiltinModule('node:os');
  const threads = Math.min(MAX_THREADS, availableParallelism());
  if (roots.length < MIN_SERVICES || threads < 2)
    return { read: async (root) => readServiceFiles(root), close: () => undefined };
  return new ThreadedReader(roots, threads);
}

type Answer = (ServiceFiles | undefined)[];

class ThreadedReader implements ServiceReader {
  readonly #workers: Worker[];
  readonly #idle: Worker[];
  readonly #chunks: readonly (readonly string[])[];
  readonly #answers: { promise: Promise<Answer>; resolve: (answer: Answer) => void }[];
  readonly #places: ReadonlyMap<string, number>;
  #next = 0;
  #consumed = 0;

  constructor(roots: readonly string[], threads: number) {
    const { Worker: Thread } = process.getBuiltinModule('node:worker_threads');
    this.#chunks = Array.from({ length: Math.ceil(roots.length / CHUNK) }, (_, at) =>
      roots.slice(at * CHUNK, (at + 1) * CHUNK),
    );
    this.#places = new Map(roots.map((root, at) => [root, at]));
    this.#answers = this.#chunks.map(() => {
      let resolve: (answer: Answer) => void = () => undefined;
      const promise = new Promise<Answer>((done) => {
        resolve = done;
      });
      return { promise, resolve };
    });
    this.#workers = Array.from(
      { length: threads },
      () => new Thread(join(import.meta.dirname, 'lazy/read-worker.cjs')),
    );
    this.#idle = [...this.#workers];
    for (const worker of this.#workers) {
      // A thread that fails leaves its services to this one.
      worker.on('error', () => this.#giveUp());
      worker.on('message', ([at, answer]: [number, Answer]) => {
        this.#answers[at]?.resolve(answer);
        this.#idle.push(worker);
        this.#pump();
      });
    }
    this.#pump();
  }

  async read(root: string): Promise<ServiceFiles> {
    const place = this.#places.get(root) ?? 0;
    const chunk = Math.floor(place / CHUNK);
    if (chunk > this.#consumed) {
      this.#answers[chunk - 1] = { promise: Promise.resolve([]), resolve: () => undefined };
      this.#consumed = chunk;
      this.#pump();
    }
    const answer = await this.#answers[chunk]?.promise;
    // What failed there fails here once more, with its reason.
    return answer?.[place % CHUNK] ?? readServiceFiles(root);
  }

  close(): void {
    for (const worker of this.#workers) void worker.terminate();
  }

  #pump(): void {
    while (this.#next < this.#chunks.length && this.#next - this.#consumed < AHEAD * this.#workers.length) {
      const worker = this.#idle.pop();
      if (!worker) return;
      worker.postMessage([this.#next, this.#chunks[this.#next]]);
      this.#next += 1;
    }
  }

  #giveUp(): void {
    for (const { resolve } of this.#answers) resolve([]);
    this.#next = this.#chunks.length;
  }
}
