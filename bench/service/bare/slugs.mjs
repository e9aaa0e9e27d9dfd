// What somebody writes by hand with Fastify, zod and pino: validation, constant headers, one line a request.
import { z } from 'zod';
import { app } from './app.mjs';

const slugify = (title) =>
  title
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/gu)
    .filter((word) => word !== '')
    .join('-');

const body = z.object({ title: z.string().trim().min(1).max(200) });
app.post('/slugs', { schema: { body } }, async (request) => ({ slug: slugify(request.body.title) }));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
