import type { Service } from '../../harness/service.ts';

/**
 * A signal on its way. An engine needs time to deliver one and to say so: it arrives at some time between `from` and the
 * moment when `sent` settles. What must happen soon is counted from the later time, what must not happen early from the
 * earlier one.
 */
export class SignalOnItsWay {
  readonly from = performance.now();
  readonly sent: Promise<void>;
  #to = Number.POSITIVE_INFINITY;

  constructor(service: Service, signal: NodeJS.Signals) {
    this.sent = service.signal(signal).finally(() => {
      this.#to = performance.now();
    });
    // The error is for those who wait for `sent`.
    this.sent.catch(() => undefined);
  }

  /** The least time since it arrived, in milliseconds; 0 while it is on its way. */
  atLeast(at: number): number {
    return Math.max(0, Math.round(at - this.#to));
  }

  /** The most time since it arrived, in milliseconds. */
  atMost(at: number): number {
    return Math.round(at - this.from);
  }
}
