// What somebody writes by hand with Fastify, zod, pg and pino: validation, constant headers, one line a request.
import pg from 'pg';
import { z } from 'zod';
import { app } from './app.mjs';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const columns = 'id, sku, name, price_cents as "priceCents", version';

const querystring = z.object({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
app.get('/products', { schema: { querystring } }, async ({ query: { after, limit } }) => {
  const { rows } = await pool.query(
    `select ${columns} from products where $1::text is null or sku > $1 order by sku limit $2`,
    [after, limit + 1],
  );
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? items.at(-1).sku : null };
});

const params = z.object({ id: z.guid() });
app.get('/products/:id', { schema: { params } }, async (request, reply) => {
  const { rows } = await pool.query(`select ${columns} from products where id = $1`, [request.params.id]);
  if (rows.length === 0) return reply.code(404).send({ error: 'Not Found' });
  return reply.header('etag', `"${rows[0].version}"`).send(rows[0]);
});

const body = z.object({
  sku: z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,31}$/),
  name: z.string().trim().min(1).max(200),
  priceCents: z.int32().min(0),
});
app.post('/products', { schema: { body } }, async (request, reply) => {
  const { sku, name, priceCents } = request.body;
  const { rows } = await pool.query(
    `insert into products (sku, name, price_cents) values ($1, $2, $3) returning ${columns}`,
    [sku, name, priceCents],
  );
  return reply
    .code(201)
    .headers({ location: `/products/${rows[0].id}`, etag: `"${rows[0].version}"` })
    .send(rows[0]);
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
