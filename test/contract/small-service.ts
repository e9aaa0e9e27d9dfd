import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Backing } from '../../contract/harness/backing/backing.ts';
import type { Result } from '../../contract/result.ts';
import { rules } from '../../contract/rules/index.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';

/** What every small service begins with; its own source says what it answers to `request`, and may change what is here. */
export const SERVICE = `
import { createServer } from 'node:http';
let document = { openapi: '3.1.0', paths: {} };
const json = { 'content-type': 'application/json' };
const log = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
const answer = (response, status, body, headers = json) => response.writeHead(status, headers).end(body && JSON.stringify(body));
const problem = (response, status, headers = {}) =>
  answer(response, status, { title: 'no', status }, { 'content-type': 'application/problem+json', ...headers });
const bodyOf = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
};
const server = createServer({ connectionsCheckingInterval: 500 }, async (request, response) => {
  const { pathname } = new URL(request.url.replace(/^\\/+/, '/'), 'http://localhost');
  if (request.headersDistinct.host?.length > 1) return problem(response, 400);
  if (request.method === 'GET' && pathname === '/openapi.json') return answer(response, 200, document);
  if (request.method === 'GET' && pathname === '/up') return answer(response, 200, {});
  await handle(request, response, pathname);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
`;

/** A folder's `main.mjs` or `main.cjs` as a service that takes no verb and is healthy at `/`, unless something else is said. */
export function serviceIn(folder: string, more: Partial<ProcessTarget> = {}): ProcessTarget {
  const main = ['main.mjs', 'main.cjs'].map((name) => join(folder, name)).find((path) => existsSync(path)) ?? '';
  const command = [process.execPath, main];
  return { kind: 'process', name: 'any', folder, command, verbless: true, paths: { live: '/', ready: '/' }, ...more };
}

/** Holds a service against one rule. */
export async function lookAtService(id: string, target: ProcessTarget): Promise<Result> {
  const { results } = await verify(target, {
    watch: quiet,
    backing: new Backing(),
    rules: rules.filter((rule) => rule.id === id),
  });
  if (!results[0]) throw new Error(`${id} was not looked at`);
  return results[0];
}

/** The same with a service of a few lines. `source` has the function `handle(request, response, pathname)`. */
export async function lookAt(id: string, source: string, more: Partial<ProcessTarget> = {}): Promise<Result> {
  const folder = makeFolder();
  write(folder, { 'main.mjs': SERVICE + source });
  try {
    return await lookAtService(id, serviceIn(folder, { paths: { live: '/up', ready: '/up' }, ...more }));
  } finally {
    removeFolder(folder);
  }
}

/** What it was broken by. */
export const broken = ({ evidence }: Pick<Result, 'evidence'>): string[] =>
  evidence.filter(({ ok }) => !ok).map(({ sent, got }) => `${sent}: ${got}`);
