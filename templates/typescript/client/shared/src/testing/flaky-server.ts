import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";

/** Answers a request, or leaves it. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface FlakyServer {
  url: string;
  /** Every request so far. */
  calls: IncomingMessage[];
  /** What is done with the next requests, in this order; then the last of them for good. */
  answer(...answers: [Answer, ...Answer[]]): void;
}

/** Starts an HTTP server that does as it is told and counts. It stops after the tests of the file. */
export async function flakyServer(): Promise<FlakyServer> {
  let plan: Answer[] = [status(200)];
  const calls: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    calls.push(request);
    const [next] = plan.length > 1 ? plan.splice(0, 1) : plan;
    next?.(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: (...answers) => {
      plan = answers;
    },
  };
}

/** Answers with a status, and with a JSON object unless told otherwise. */
export function status(code: number, headers = {}, body = '{"status":"ok"}'): Answer {
  return (_request, response) => {
    response.writeHead(code, { "content-type": "application/json", ...headers }).end(body);
  };
}

/** Never answers. */
export const hang: Answer = () => undefined;

/** Breaks the connection. */
export const reset: Answer = (request) => request.socket.destroy();
