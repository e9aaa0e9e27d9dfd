// No library keeps this: readiness is answered in time, and what went down is logged once.
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "../log.ts";

/** Resolves when a backing service answers, rejects when it does not. */
export type Check = () => Promise<unknown>;

export interface Report {
  status: "ready" | "not ready";
  checks: Record<string, "up" | "down">;
}

// Together below the 2 s within which an outage has to show.
const checkTimeout = 1000;
const cacheFor = 500;

/** Whether this process should get traffic: it is not stopping and what it requires answers. */
export class Readiness {
  draining = false;
  readonly #checks = new Map<string, Check>();
  readonly #down = new Set<string>();
  #latest: { at: number; report: Promise<Report["checks"]> } | undefined;

  /** Adds a backing service without which no request can be answered. */
  require(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  async report(): Promise<Report> {
    if (this.draining) return { status: "not ready", checks: {} };
    if (this.#latest === undefined || performance.now() - this.#latest.at > cacheFor) {
      this.#latest = { at: performance.now(), report: this.#ask() };
    }
    const checks = await this.#latest.report;
    const up = Object.values(checks).every((state) => state === "up");
    return { status: up && !this.draining ? "ready" : "not ready", checks };
  }

  async #ask(): Promise<Report["checks"]> {
    const entries = [...this.#checks].map(async ([name, check]) => {
      const late = sleep(checkTimeout).then(() => {
        throw new Error(`no answer within ${checkTimeout} ms`);
      });
      const state = await Promise.race([check(), late]).then(
        () => this.#isUp(name),
        (error) => this.#isDown(name, error),
      );
      return [name, state];
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  #isUp(name: string): "up" {
    if (this.#down.delete(name)) log.info({ "event.name": "backing.up" }, `${name} is back`);
    return "up";
  }

  #isDown(name: string, error: unknown): "down" {
    if (!this.#down.has(name)) {
      log.warn({ "event.name": "backing.down", err: error }, `${name} is down`);
    }
    this.#down.add(name);
    return "down";
  }
}
