// @module-tag sampled
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { OpenApi } from '../../contract/harness/schema/openapi.ts';
import type { Mapping } from '../../contract/mapping.ts';
import { type Edit, edit } from '../../contract/mutants/mutant.ts';
import { holds } from '../../contract/probes/data/stored-item.ts';
import type { Result } from '../../contract/result.ts';
import type { Rule } from '../../contract/rule.ts';
import { rules } from '../../contract/rules/index.ts';
import { verify } from '../../contract/verify.ts';
import { quiet } from '../support/quiet.ts';
import { copyReference } from './reference-copy.ts';
import { ruleOf } from './rule-of.ts';
import { broken, lookAt } from './small-service.ts';

/** What was written, read again from services that answer otherwise than the reference does. */

const backing = new Backing();
if (!backing.hasPostgres) console.log('skipped: stored items need PostgreSQL (initdb), which is not installed here');
afterAll(() => backing.stop());

it.each([
  ['an instant that is written otherwise', { at: '2026-01-31T12:30:45.000Z' }, { at: '2026-01-31T12:30:45Z' }, true],
  ['the same with an offset', { at: '2026-01-31T12:30:45.000Z' }, { at: '2026-01-31T14:30:45+02:00' }, true],
  ['another instant', { at: '2026-01-31T12:30:45.000Z' }, { at: '2026-01-31T12:30:46Z' }, false],
  ['a text that is written otherwise', { at: 'a1.0' }, { at: 'a1.00' }, false],
  ['a decimal with more places', { total: '-05' }, { total: '-5.0000' }, true],
  ['a decimal that lost its last zero', { version: '1.10' }, { version: '1.1' }, false],
  ['a zero', { total: '-0.0' }, { total: '0.000' }, true],
  ['another decimal', { total: '10.5' }, { total: '10.05' }, false],
  ['a rounded decimal', { total: '99999999999999.9999' }, { total: '100000000000000.0000' }, false],
  ['digits that are no decimal', { zip: '00501' }, { zip: '501' }, false],
  ['more than was written, in another order', { a: { x: 1, y: [1] } }, { b: 2, a: { y: [1], z: 3, x: 1 } }, true],
  ['less', { a: { x: 1 } }, { a: {} }, false],
  ['a longer list', { a: [1] }, { a: [1, 2] }, false],
  ['nothing', { a: 1 }, undefined, false],
])('what was written is found, or not, in %s', (_, body, answer, expected) => {
  expect(holds(answer, body)).toBe(expected);
});

test('what is writeOnly is not read again, wherever it stands', () => {
  const schema = {
    required: ['name', 'pin', 'owner', 'keys'],
    allOf: [{ properties: { pin: { $ref: '#/components/schemas/Secret' } } }],
    properties: {
      name: { type: 'string' },
      owner: { properties: { mail: {}, password: { writeOnly: true } } },
      keys: { items: { properties: { id: {}, value: { writeOnly: true } } } },
    },
  };
  const post = { requestBody: { content: { 'application/json': { schema } } }, responses: { 201: {} } };
  const Secret = { type: 'string', writeOnly: true };
  const openApi = new OpenApi({ paths: { '/a': { post } }, components: { schemas: { Secret } } });
  const written = { name: 'n', pin: '1', owner: { mail: 'm', password: 'p' }, keys: [{ id: 1, value: 'v' }] };
  expect(openApi.write?.readable(written)).toEqual({ name: 'n', owner: { mail: 'm' }, keys: [{ id: 1 }] });
});

test('links to itself are no difference between instances', async () => {
  const self = `async function handle({ headers }, response, pathname) {
    answer(response, pathname === '/version' ? 200 : 404, { self: 'http://' + headers.host + pathname });
  }`;
  const result = await lookAt('III-4', self);
  expect([result.outcome, broken(result)]).toEqual(['partly', []]);
});

describe('an item without a Location and without a description', () => {
  const mapping: Mapping = { write: { path: '/notes', body: { text: 'hello {random}' } } };
  const serving = (read: string) => `document = undefined;
    const notes = new Map();
    async function handle(request, response, pathname) {
      if (request.method === 'POST') {
        const note = { id: 'a' + notes.size, ...JSON.parse(await bodyOf(request)) };
        notes.set('/notes/' + note.id, note);
        return answer(response, 201, note);
      }
      ${read}
    }`;
  const look = (id: string, read: string) => lookAt(id, serving(read), { profile: 'twelve-factor', mapping });

  it('is found below its list by the id of the answer', async () => {
    const read = 'notes.has(pathname) ? answer(response, 200, notes.get(pathname)) : answer(response, 404, {});';
    expect(broken(await look('VI-2', read))).toEqual([
      expect.stringMatching(/^kill -9 of the first instance, .* all 11 items .*: 11 are lost\. GET \/notes\/a0: 404/),
    ]);
    expect(broken(await look('VI-3', read))).toContainEqual(expect.stringContaining('GET /notes/a0 through both'));
  });

  it.each([
    ['is written again if a text is taken of which there are few', '^[A-Z]{2}$', 'asked > 1 && asked % 3 !== 1', false],
    ['is not written again for ever', '^[A-Z]{2}$', 'asked > 1', true],
    ['is not written again if its texts are never the same', '^[A-Z]{12}$', 'asked > 1 && asked % 3 !== 1', true],
  ])('%s', async (_, pattern, isTaken, isBroken) => {
    const properties = JSON.stringify({ code: { type: 'string', pattern } });
    const schema = `{ type: 'object', required: ['code'], properties: ${properties} }`;
    const source = `document.paths = {
      '/notes': { post: { requestBody: { content: { 'application/json': { schema: ${schema} } } }, responses: { 201: {} } } },
      '/notes/{id}': { get: { responses: { 200: {} } } },
    };
    const notes = new Map();
    let asked = 0;
    async function handle(request, response, pathname) {
      if (request.method !== 'POST') return answer(response, notes.has(pathname) ? 200 : 404, notes.get(pathname) ?? {});
      asked += 1;
      if (${isTaken}) return answer(response, 409, {});
      const note = { id: 'a' + notes.size, ...JSON.parse(await bodyOf(request)) };
      notes.set('/notes/' + note.id, note);
      answer(response, 201, note);
    }`;
    const result = await lookAt('VI-3', source, { profile: 'twelve-factor' });
    const said = broken(result).join('\n');
    expect([said.includes('409'), said]).toEqual([isBroken, expect.stringMatching(/./)]);
  });

  it('is not found by an answer that every path gets', async () => {
    expect(await look('VI-2', 'answer(response, 200, {});')).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringMatching(/no route with an id is described below it; GET \/notes\/a0 gives 200/),
    });
  });
});

describe.skipIf(!backing.hasPostgres)('the reference with', () => {
  const INSERT =
    'return { status: 201, body: { id, text }, headers: { location: `/notes/$' + '{id}`, etag: tagOf(text) } };';
  const LIST = "const { rows } = await pool.query('SELECT id, text FROM notes ORDER BY id LIMIT $1', [limit]);";

  async function look(id: string, edits: readonly Edit[], first: readonly Rule[] = []): Promise<Result> {
    const target = copyReference({ rule: id, fault: 'none', edits });
    try {
      const looked = [...first, ...rules.filter((rule) => rule.id === id)];
      const { results } = await verify(target, { watch: quiet, backing, rules: looked, parallel: 1 });
      const result = results.at(-1);
      if (!result) throw new Error(`${id} was not looked at`);
      return result;
    } finally {
      rmSync(target.folder, { recursive: true, force: true });
    }
  }

  it('an instant that it writes otherwise, and a secret that it does not show, keeps VI-2', async () => {
    const more = "at: { type: 'string', format: 'date-time' }, pin: { type: 'string', writeOnly: true }";
    const result = await look('VI-2', [
      edit('notes.js', "required: ['text'],", "required: ['text', 'at', 'pin'],"),
      edit('notes.js', 'properties: { text:', `properties: { ${more}, text:`),
      edit('notes.js', 'return { body: rows[0],', "return { body: { ...rows[0], at: '2026-01-31T12:30:45Z' },"),
    ]);
    expect([result.outcome, broken(result)]).toEqual(['kept', []]);
  });

  it('neither a Location nor an id cannot be looked at', async () => {
    const edits = [edit('notes.js', INSERT, 'return { status: 201, body: { text } };')];
    const reason = 'what is stored cannot be found again: POST /notes gives no Location, and no id';
    expect(await look('VI-2', edits)).toMatchObject({ outcome: 'skipped', reason });
    expect(await look('III-4', edits)).toMatchObject({ outcome: 'partly', leftOut: [reason] });
  });

  it('a page of five keeps VI-3, however many items other probes have written', async () => {
    const busy = ruleOf('busy', async (harness) => {
      const [service, { path, body }] = await Promise.all([harness.shared(), harness.write()]);
      for (let item = 0; item < 12; item += 1) await service.ask(path, { method: 'POST', body: body() });
      harness.saw({ sent: 'items', expected: 'any', got: 'any', ok: true });
      return harness.evidence;
    });
    const result = await look('VI-3', [edit('notes.js', 'const LIMIT = 100', 'const LIMIT = 5')], [busy]);
    expect([result.outcome, broken(result), result.leftOut]).toEqual(['kept', [], undefined]);
  });

  it('a page that others fill keeps VI-3, which says what it has not seen', async () => {
    const page = "const rows = ['a', 'b', 'c'].map((id) => ({ id, text: id }));";
    expect(await look('VI-3', [edit('notes.js', LIST, page)])).toMatchObject({
      outcome: 'partly',
      leftOut: ['new items in GET /notes: it gives others, the same through both'],
    });
  });

  it('a list that does not change breaks VI-3', async () => {
    expect(broken(await look('VI-3', [edit('notes.js', LIST, 'const rows = [];')]))).toEqual([
      expect.stringMatching(/^the same: the items in GET \/notes: not /),
    ]);
  });
});
