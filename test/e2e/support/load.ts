export type Outcome = { status: number; body: string };

/** Limits of every load: requests, and the time after which it ends by itself. */
const MOST_REQUESTS = 6000;
const MOST_MS = 180_000;
const CLIENTS = 4;
/** Between two requests of one client, so that the whole stays far below the service's rate limit. */
const PAUSE_MS = 80;

/**
 * A bounded load on loopback: a few clients that each send one request after another until `stop`, which resolves with
 * every outcome. What is not an answer has status 0 and the error as its body.
 */
export function load(send: (count: number) => Promise<Response>): { stop: () => Promise<Outcome[]> } {
  const outcomes: Outcome[] = [];
  const end = Date.now() + MOST_MS;
  let going = true;
  let count = 0;
  const client = async () => {
    while (going && count < MOST_REQUESTS && Date.now() < end) {
      try {
        const response = await send(count++);
        outcomes.push({ status: response.status, body: await response.text() });
      } catch (error) {
        outcomes.push({ status: 0, body: String((error as Error).cause ?? error) });
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  return {
    stop: async () => {
      going = false;
      await Promise.all(clients);
      return outcomes;
    },
  };
}
