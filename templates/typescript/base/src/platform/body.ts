// No library keeps this: where a proxy may read a request in another way, it is refused.
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { FastifyBodyParser, FastifyInstance } from "fastify";
import { HttpProblem } from "./http-problem.ts";

/** Refuses paths, hosts, expectations and codings that are not read as they are meant. */
export function readStrictly(app: FastifyInstance): void {
  // Else Node answers it, without a body and a line.
  app.server.on("checkExpectation", (...args) => app.server.emit("request", ...args));
  app.addHook("onRequest", (request, _reply, done) => {
    const { url: route } = request.routeOptions;
    if (route && !/[/*]$/.test(route) && endsWithSlash(request.url)) {
      done(new HttpProblem(404, { detail: "No path ends with a slash." }));
    } else if (!hasItsHosts(request.raw)) {
      done(new HttpProblem(400, { detail: "There has to be one Host." }));
    } else if (!/^(100-continue)?$/i.test(request.headers.expect ?? "")) {
      done(new HttpProblem(417, { detail: "Nothing but 100-continue may be expected." }));
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

/** Reads bodies of a media type as text. What is no UTF-8 is refused, and not replaced. */
export function readText(
  app: FastifyInstance,
  mediaType: string,
  parse: FastifyBodyParser<string>,
): void {
  app.addContentTypeParser<Buffer>(mediaType, { parseAs: "buffer" }, (request, body, done) => {
    const text = body.toString();
    if (!isOfUtf8(request.headers["content-type"])) {
      done(new HttpProblem(415, { detail: "The charset is not UTF-8." }));
    } else if (!isUtf8(body)) {
      done(new HttpProblem(400, { detail: "The body is not UTF-8." }));
    } else if (mediaType.endsWith("json") && hasHalfCharacter(text)) {
      done(new HttpProblem(400, { detail: "The body has half of a surrogate pair." }));
    } else {
      return parse(request, text, done);
    }
  });
}

function isOfUtf8(contentType = ""): boolean {
  const charsets = contentType.matchAll(/;\s*charset\s*=\s*([^;]*)/gi);
  return [...charsets].every(([, charset = ""]) => /^"?utf-?8"?\s*$/i.test(charset));
}

const half = /\\ud[89a-f]/i;
const otherEscapes = /\\[^u]|\\ud[89ab]..\\ud[c-f]../gi;

/** Whether JSON escapes a surrogate without the other one: no character, so it would be replaced. */
function hasHalfCharacter(json: string): boolean {
  return half.test(json) && half.test(json.replaceAll(otherEscapes, ""));
}

/** Whether a path does: a router would take it for one with an empty parameter. */
function endsWithSlash(url: string): boolean {
  const query = url.indexOf("?");
  return url.charCodeAt((query < 0 ? url.length : query) - 1) === 47;
}

/** One, as HTTP/1.1 has it, or none before that. Node keeps the first, and drops the others. */
function hasItsHosts({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === "host") hosts += 1;
  }
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0");
}
