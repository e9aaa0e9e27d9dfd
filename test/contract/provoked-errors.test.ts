// @module-tag sampled
import { describe, expect, it } from 'vitest';
import { writtenRoutes } from '../../contract/probes/http/hidden-routes.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { broken, lookAt } from './small-service.ts';

/** A service with a POST route, whose handler for it is given. */
const taking = (post: string) => `
const schema = { type: 'object', properties: { name: { type: 'string', minLength: 3 }, size: { type: 'integer' } }, required: ['name', 'size'] };
document.paths = { '/things': { post: { requestBody: { content: { 'application/json': { schema } } }, responses: { 201: {}, default: {} } } } };
async function handle(request, response, pathname) {
  if (pathname !== '/things') return problem(response, 404);
  if (request.method !== 'POST') return problem(response, 405);
  try {
    const body = JSON.parse(await bodyOf(request));
    ${post}
    answer(response, 201, {});
  } catch (error) {
    response.writeHead(500, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ title: 'no', status: 500, detail: SHOWN(error) }));
  }
}
`;
/** What was broken of the kinds of requests that nobody expects. */
const provoked = async (source: string, profile: 'house' | 'twelve-factor' = 'house') =>
  broken(await lookAt('H-2', source, { profile })).filter((one) => one.includes(' requests): '));

describe('a body that nobody expects', () => {
  it.each([
    ['an odd document', 'Object.keys(body.name);', /null: a stack trace: 500/],
    ['the character 0', "if (body.name.includes('\\0')) throw new Error('odd');", /null: a stack trace: 500/],
  ])('that shows a stack trace breaks H-2: %s', async (_, post, said) => {
    const found = await provoked(`${taking(post)} const SHOWN = (error) => error.stack;`);
    expect(found).toEqual([expect.stringMatching(said)]);
  });

  it('breaks H-2 as a 5xx without a trace too, by one field alone', async () => {
    const post = "if (typeof body?.size === 'number' && body.size > 2 ** 63) throw new Error('odd');";
    expect(await provoked(`${taking(post)} const SHOWN = () => 'no';`)).toEqual([
      expect.stringMatching(/requests\): size is a number of 300 digits: 500/),
    ]);
  });

  it('breaks it in the profile of strangers too, where the route is described', async () => {
    const post = "if (Object(body).name?.includes?.('\\ud800')) throw new Error('odd');";
    const source = `${taking(post)} const SHOWN = () => 'no';`;
    expect(await provoked(source, 'twelve-factor')).toEqual([
      expect.stringMatching(/name is a text with half a character: 500/),
    ]);
  });

  it('keeps it where nothing of that is an error', async () => {
    expect(await provoked(`${taking('')} const SHOWN = () => 'no';`)).toEqual([]);
  });
});

it('a route that stands in the files is tried; paths of the machine and of dependencies are not', () => {
  const folder = makeFolder();
  write(folder, {
    'main.js': `app.get('/internal/dump', f); app.get("/v1/things", g); open('/etc/passwd'); const glob = '/*';`,
    'node_modules/a/index.js': `get('/of-a-library')`,
    'data.bin': `\0'/of-a-program'`,
  });
  expect(writtenRoutes(folder).sort()).toEqual(['/internal/dump', '/v1/things']);
  removeFolder(folder);
});

it('H-4 is broken by a page that is not described, wherever it was written down', async () => {
  const page = (path: string) => `document.paths = { '/up': { get: { responses: { 200: {} } } } };
async function handle(_, response, pathname) {
  if (pathname === ${path}) return answer(response, 200, process.memoryUsage());
  problem(response, 404);
}`;
  const found = async (path: string) =>
    broken(await lookAt('H-4', page(path))).filter((one) => one.includes('stand in its files'));
  expect(await found("'/only/here'")).toEqual([expect.stringContaining('/only/here: 200')]);
  expect(await found("['', 'actuator', 'env'].join('/')")).toEqual([expect.stringContaining('/actuator/env: 200')]);
});
