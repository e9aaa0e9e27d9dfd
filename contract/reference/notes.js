import { createHash, randomUUID } from 'node:crypto';
import { isKnown, wanted } from './conditional.js';
import { Problem } from './problem.js';
import { readJson } from './request.js';

const LIMIT = 100;
const NOTE = {
  type: 'object',
  properties: { text: { type: 'string', minLength: 1, maxLength: 200 } },
  required: ['text'],
};
const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
const IF_MATCH = { name: 'If-Match', in: 'header', schema: { type: 'string' } };
const COUNT = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: LIMIT } };

const tagOf = (text) => `"${createHash('md5').update(text).digest('hex')}"`;

/** The routes of what is stored. */
export function noteRoutes(pool) {
  return [
    { method: 'POST', path: '/notes', body: NOTE, status: 201, handle: create },
    { method: 'GET', path: '/notes', parameters: [COUNT], handle: list },
    { method: 'GET', path: '/notes/{id}', parameters: [ID], handle: read },
    { method: 'PUT', path: '/notes/{id}', parameters: [ID, IF_MATCH], body: NOTE, handle: replace },
    { method: 'DELETE', path: '/notes/{id}', parameters: [ID, IF_MATCH], status: 204, handle: remove },
  ];

  async function create(request) {
    const text = await readText(request);
    const id = randomUUID();
    await pool.query('INSERT INTO notes (id, text) VALUES ($1, $2)', [id, text]);
    return { status: 201, body: { id, text }, headers: { location: `/notes/${id}`, etag: tagOf(text) } };
  }

  async function list(_request, _parameters, query) {
    const limit = readLimit(query.get('limit'));
    const { rows } = await pool.query('SELECT id, text FROM notes ORDER BY id LIMIT $1', [limit]);
    return { body: { items: rows } };
  }

  async function read({ headers }, { id }) {
    const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = lower($1)', [id]);
    if (rows.length === 0) throw new Problem(404, 'no such note');
    const etag = tagOf(rows[0].text);
    if (isKnown(headers['if-none-match'], etag)) return { status: 304, headers: { etag } };
    return { body: rows[0], headers: { etag } };
  }

  async function replace(request, { id }) {
    const text = await readText(request);
    await change('UPDATE notes SET text = $3', request, id, text);
    return { body: { id: id.toLowerCase(), text }, headers: { etag: tagOf(text) } };
  }

  async function remove(request, { id }) {
    await change('DELETE FROM notes', request, id);
    return { status: 204 };
  }

  /** Changes a note if it has one of the tags of If-Match. */
  async function change(statement, { headers }, id, ...values) {
    const tags = wanted(headers['if-match']);
    const where = `WHERE id::text = lower($1) AND ($2::text[] IS NULL OR '"' || md5(text) || '"' = ANY ($2))`;
    const { rowCount } = await pool.query(`${statement} ${where}`, [id, tags, ...values]);
    if (rowCount > 0) return;
    const { rows } = await pool.query('SELECT 1 FROM notes WHERE id::text = lower($1)', [id]);
    throw rows.length > 0 ? new Problem(412, 'the note was changed') : new Problem(404, 'no such note');
  }
}

async function readText(request) {
  const { text } = Object(await readJson(request));
  if (typeof text !== 'string' || text.length < 1 || text.length > 200)
    throw new Problem(422, 'text has 1 to 200 characters');
  // The database keeps neither the character 0 nor half a character.
  if (text.includes('\0') || !text.isWellFormed()) throw new Problem(422, 'text has a character that is none');
  return text;
}

function readLimit(text) {
  if (text === null) return LIMIT;
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > LIMIT)
    throw new Problem(400, `limit is an integer from 1 to ${LIMIT}`);
  return Number(text);
}
