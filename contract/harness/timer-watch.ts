import { Worker } from 'node:worker_threads';

/** How often a timer of our own fires, in milliseconds. */
const EVERY_MS = 20;
/** On a quiet machine it fires 10 ms late at most, also while this program and a service are at work. */
export const LATE_MS = 50;

/** A timer in a thread with nothing else to do: how late it fires is how busy the machine is, whatever this program does meanwhile. */
const TIMER = `
  const late = new Int32Array(require('node:worker_threads').workerData);
  const wait = () => {
    const from = performance.now();
    setTimeout(() => {
      const ms = Math.round(performance.now() - from - ${EVERY_MS});
      if (ms > Atomics.load(late, 0)) Atomics.store(late, 0, ms);
      wait();
    }, ${EVERY_MS});
  };
  wait();
`;

/** Notices that a machine is too busy for times to say something about a service. */
export interface TimerWatch {
  /** By how many milliseconds a timer was late at most since this was asked before. */
  worst(): number;
  end(): Promise<void>;
}

export function watchTimers(): TimerWatch {
  const late = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const thread = new Worker(TIMER, { eval: true, workerData: late.buffer });
  thread.unref();
  return {
    worst: () => Atomics.exchange(late, 0, 0),
    end: async () => void (await thread.terminate()),
  };
}
