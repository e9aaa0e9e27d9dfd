import { expect } from 'vitest';
import type { Meaning } from './openapi.ts';

const text = { type: 'string' };
const object = (properties: Record<string, unknown>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).sort(),
});
const json = (schema: unknown) => ({ 'application/json': schema });
const RETRY = { 429: 'Retry-After', 503: 'Retry-After' };

const live = json(object({ status: { type: 'string', enum: ['live'] } }));
const ready = json(
  object({
    status: { type: 'string', enum: ['ready', 'not ready'] },
    checks: { type: 'object', additionalProperties: { type: 'string', enum: ['up', 'down'] } },
  }),
);

const operation = (id: string, summary: string, answers: Meaning['answers']): Meaning => ({
  id,
  summary,
  tag: 'operations',
  answers,
  problems: '400 408 431 500 default',
  ...(503 in answers ? { headers: { 503: 'Retry-After' } } : {}),
});

/** What every service describes. */
const operations = (runtime: string): Record<string, Meaning> => ({
  'GET /health/live': operation('getHealthLive', 'Is the process alive?', { 200: live }),
  'GET /livez': operation('getLivez', 'Is the process alive?', { 200: live }),
  'GET /healthz': operation('getHealthz', 'Is the process alive?', { 200: live }),
  'GET /health/ready': operation('getHealthReady', 'Should it get traffic?', { 200: ready, 503: ready }),
  'GET /readyz': operation('getReadyz', 'Should it get traffic?', { 200: ready, 503: ready }),
  'GET /version': operation('getVersion', 'What is running?', {
    200: json(object({ name: text, description: text, version: text, revision: text, [runtime]: text })),
  }),
  'GET /metrics': operation('getMetrics', 'Metrics in Prometheus text format', { 200: { 'text/plain': text } }),
  'GET /openapi.json': operation('getOpenapiJson', 'This description', { 200: json({ type: 'object' }) }),
});

const sku = { type: 'string', pattern: 'takes "A" "A-1"' };
const name = {
  type: 'string',
  minLength: 1,
  maxLength: 200,
  pattern: `takes "" "a" "a b" "é" "A" "A-1" "-A" "${'a'.repeat(33)}" "${'A'.repeat(33)}"`,
};
const integer = { type: 'integer' };
const body = { required: true, ...json(object({ sku, name, priceCents: { type: 'integer', minimum: 0 } })) };
const product = object({
  id: { type: 'string', format: 'uuid' },
  sku: text,
  name: text,
  priceCents: integer,
  version: integer,
});
const id = { 'path id!': { type: 'string', format: 'uuid' } };

const PRODUCTS: Readonly<Record<string, Meaning>> = {
  'POST /products': {
    id: 'postProducts',
    summary: 'Create a product',
    tag: 'products',
    body,
    answers: { 201: json(product) },
    problems: '400 408 409 413 415 429 431 500 503 default',
    headers: { 201: 'ETag,Location', ...RETRY },
  },
  'GET /products': {
    id: 'getProducts',
    summary: 'List products, a page at a time',
    tag: 'products',
    parameters: {
      'query cursor': expect.objectContaining({ type: 'string' }),
      'query limit': { type: 'integer', minimum: 1, maximum: 100 },
    },
    answers: {
      200: json(object({ items: { type: 'array', items: product }, nextCursor: { type: ['null', 'string'] } })),
    },
    problems: '400 408 429 431 500 503 default',
    headers: RETRY,
  },
  'GET /products/{id}': {
    id: 'getProductsById',
    summary: 'Read a product',
    tag: 'products',
    parameters: { ...id, 'header if-none-match': text },
    answers: { 200: json(product), 304: null },
    problems: '400 404 408 429 431 500 503 default',
    headers: { 200: 'ETag', 304: 'ETag', ...RETRY },
  },
  'PUT /products/{id}': {
    id: 'putProductsById',
    summary: 'Replace a product',
    tag: 'products',
    parameters: { ...id, 'header if-match!': text },
    body,
    answers: { 200: json(product) },
    problems: '400 404 408 409 412 413 415 428 429 431 500 503 default',
    headers: { 200: 'ETag', ...RETRY },
  },
  'DELETE /products/{id}': {
    id: 'deleteProductsById',
    summary: 'Delete a product',
    tag: 'products',
    parameters: { ...id, 'header if-match!': text },
    answers: { 204: null },
    problems: '400 404 408 412 428 429 431 500 503 default',
    headers: RETRY,
  },
};

const notBlank = 'takes "a" "a b" " a" "a " "a\\tb" "é" "A" "A-1" "-A"';
const SLUGS: Readonly<Record<string, Meaning>> = {
  'POST /slugs': {
    id: 'postSlugs',
    summary: 'Make a slug of a title',
    tag: 'slugs',
    body: {
      required: true,
      ...json(
        object({
          title: { type: 'string', maxLength: 200, pattern: `${notBlank} "${'a'.repeat(33)}" "${'A'.repeat(33)}"` },
        }),
      ),
    },
    answers: { 200: json(object({ slug: text })) },
    problems: '400 408 413 415 429 431 500 503 default',
    headers: RETRY,
  },
};

/** The whole description of a service, by method and path. */
export const described = (database: string, runtime: string): Record<string, Meaning> => ({
  ...operations(runtime),
  ...(database === 'postgres' ? PRODUCTS : SLUGS),
});

/** What a description says besides. */
export const document = (tag: string) => ({
  openapi: '3.1.0',
  info: {
    title: 'orders',
    description: 'The orders service',
    version: '0.1.0',
    contact: { name: 'The people of orders' },
    license: { name: 'UNLICENSED', identifier: 'LicenseRef-UNLICENSED' },
  },
  servers: [{ url: '/' }],
  tags: ['operations', tag].map((one) => ({ name: one, description: `Everything about ${one}` })),
});
