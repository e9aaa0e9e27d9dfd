// No library keeps this: a request that two readers would read in two ways is refused.
import { isUtf8 } from "node:buffer";
import type { FastifyBodyParser, FastifyInstance } from "fastify";
import { HttpProblem } from "./http-problem.ts";

/** Refuses requests that two readers would read in two ways: a proxy may be the other one. */
export function readStrictly(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const { url: route } = request.routeOptions;
    if (route && !/[/*]$/.test(route) && endsWithSlash(request.url)) {
      done(new HttpProblem(404, { detail: "No path ends with a slash." }));
    } else if (countHosts(request.raw.rawHeaders) > 1) {
      done(new HttpProblem(400, { detail: "There is more than one Host." }));
    } else if (request.headers["content-encoding"] !== undefined) {
      const headers = { "accept-encoding": "identity" };
      done(new HttpProblem(415, { detail: "The body may not be encoded.", headers }));
    } else {
      done();
    }
  });
  // A member that is named __proto__ is one that no schema names.
  const readJson = app.getDefaultJsonParser("remove", "remove");
  app.removeAllContentTypeParsers();
  readText(app, "application/json", readJson);
  readText(app, "text/plain", (request, text, done) => {
    if (request.routeOptions.schema?.consumes?.includes("text/plain")) done(null, text);
    else done(new HttpProblem(415, { detail: "The content type is not supported." }));
  });
}

/** Reads bodies of a media type as text. Bytes that are no UTF-8 are refused, and not replaced. */
export function readText(
  app: FastifyInstance,
  mediaType: string,
  parse: FastifyBodyParser<string>,
): void {
  app.addContentTypeParser<Buffer>(mediaType, { parseAs: "buffer" }, (request, body, done) => {
    if (isUtf8(body)) return parse(request, body.toString(), done);
    done(new HttpProblem(400, { detail: "The body is not UTF-8." }));
  });
}

/** Whether a path does: a router would take it for one with an empty parameter. */
function endsWithSlash(url: string): boolean {
  const query = url.indexOf("?");
  return url.charCodeAt((query < 0 ? url.length : query) - 1) === 47;
}

/** How many Host headers came: Node keeps the first, and drops the others. */
function countHosts(rawHeaders: string[]): number {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === "host") hosts += 1;
  }
  return hosts;
}
