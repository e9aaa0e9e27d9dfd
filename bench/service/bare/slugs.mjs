// What somebody writes by hand with Fastify, zod and pino: validation, constant headers, one line a request.
import fastify from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { headers } from './headers.mjs';

const slugify = (title) =>
  title
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/gu)
    .filter((word) => word !== '')
    .join('-');

const app = fastify({ logger: true, disableRequestLogging: true });
app.setValidatorCompiler(validatorCompiler);
app.addHook('onRequest', (request, reply, done) => {
  reply.headers(headers);
  reply.header('x-request-id', request.id);
  done();
});
app.addHook('onResponse', (request, reply, done) => {
  request.log.info(
    { method: request.method, route: request.routeOptions.url, status: reply.statusCode, ms: reply.elapsedTime },
    'request',
  );
  done();
});

const body = z.object({ title: z.string().trim().min(1).max(200) });
app.post('/slugs', { schema: { body } }, async (request) => ({ slug: slugify(request.body.title) }));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
