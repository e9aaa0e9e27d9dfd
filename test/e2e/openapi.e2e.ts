import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { freePort } from '../../contract/harness/http/ports.ts';
import { answers } from './support/http.ts';
import { npmCi } from './support/installed.ts';
import { openApiTools } from './support/openapi-tools.ts';
import { must, run } from './support/run.ts';
import { bin, makeService, workFolder } from './support/service.ts';

/** Requests for each operation, in each of the ways in which they are made up. */
const PER_OPERATION = process.env.TWELVE_REQUESTS ?? '5';
const seed = process.env.TWELVE_SEED ?? String(Date.now() % 2 ** 31);

const ENDPOINTS = [
  ['POST /orders/:orderId/items', '--body', 'sku:string!', '--body', 'quantity:int>0', '--response', 'id:uuid'],
  [
    'GET /orders',
    ...['--query', 'limit:int>0<=100?', '--query', 'ratio:number?', '--query', 'open:boolean?', '--query', 'link:url?'],
    ...['--response', '[]:{id:uuid,total:decimal>=0}', '--error', '409'],
  ],
  [
    'PUT /orders/:orderId/labels',
    ...['--query', 'fields:enum(id,size)[]?:csv', '--query', 'more:string[]?'],
    ...['--body', ':{class:string,"a-b":int|string[]|null,at:datetime,*:string}?'],
    ...['--response', ':{class:string,any:any,*:none}|string|null'],
  ],
  ['POST /orders/import', '--body-type', 'application/x-www-form-urlencoded', '--body', 'number:int'],
  [
    'POST /notes',
    '--body-type',
    'text/plain',
    '--body',
    ':string',
    '--response-type',
    'text/csv',
    '--response',
    ':string',
  ],
  [
    'PATCH /orders/:orderId',
    ...['--body-type', 'application/merge-patch+json', '--body', 'home:url', '--body', 'price:decimal>=0'],
    ...['--header', 'x-tenant:string', '--response', 'count:int'],
  ],
];
const RESOURCES = [
  ['label', 'text:string'],
  [
    ...[
      'invoice',
      'number:string:unique',
      'total:decimal',
      'dueOn:date?',
      'status:enum(open,paid)',
      'sentAt:datetime?',
    ],
    ...['source:uri?', 'class:int?', 'mail:email', 'home:url?', 'ratio:number?', 'isOpen:boolean', 'owner:uuid?'],
  ],
];

/** Statuses that mean what a check expects, where the program does not know them by itself. */
const CONFIGURATION = `
[checks.positive_data_acceptance]
# Well-formed requests about another version.
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 412, 429, "5xx"]
[checks.negative_data_rejection]
# Some wrong requests are larger than the service reads.
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 415, 422, 428, 429, 431, "5xx"]
[checks.missing_required_header]
# Without If-Match.
expected-statuses = [400, 428]
`;

const backing = new Backing();
const work = workFolder();
afterAll(async () => {
  await backing.stop();
  work.remove();
});

describe.each([
  { database: 'postgres', resources: RESOURCES },
  { database: 'none', resources: [] },
] as const)('a grown service with database $database', ({ database, resources }) => {
  const folder = join(work.folder, database, 'orders');
  const described = join(work.folder, database, 'openapi.json');
  let tools: Awaited<ReturnType<typeof openApiTools>>;
  let service: ChildProcess | undefined;
  let url = '';

  beforeAll(async () => {
    tools = await openApiTools();
    await makeService('orders', folder, { database, cache: 'none' });
    for (const [kind, all] of [
      ['add-endpoint', ENDPOINTS],
      ['add-resource', resources],
    ] as const)
      for (const words of all) await must(process.execPath, [bin, kind, ...words], { cwd: folder });
    await npmCi(folder);
    await must('npm', ['run', 'build'], { cwd: folder });
    const port = await freePort();
    const DATABASE_URL = database === 'none' ? undefined : (await (await backing.postgres()).createDatabase()).url;
    const env = { ...process.env, DATABASE_URL, PORT: String(port), RATE_LIMIT_PER_MINUTE: '0' };
    if (database !== 'none') await must(process.execPath, ['dist/main.js', 'migrate'], { cwd: folder, env });
    service = spawn(process.execPath, ['dist/main.js'], { cwd: folder, env, stdio: 'ignore' });
    url = `http://127.0.0.1:${port}`;
    await answers(`${url}/health/ready`);
    writeFileSync(described, (await answers(`${url}/openapi.json`)).body);
  });
  afterAll(async () => {
    if (service?.kill()) await once(service, 'exit');
  });

  test('is described as Spectral and Redocly want it', async () => {
    const ruleset = join(work.folder, database, 'ruleset.yaml');
    writeFileSync(ruleset, 'extends: ["spectral:oas"]\n');
    const spectral = ['lint', described, '--ruleset', ruleset, '--fail-severity', 'hint'];
    expect(await run(tools.spectral, spectral)).toMatchObject({ code: 0 });
    const redocly = ['lint', described, '--extends', 'recommended', '--format', 'json'];
    const { stdout } = await run(tools.redocly, redocly, { env: { REDOCLY_TELEMETRY: 'off' } });
    expect(JSON.parse(stdout.slice(stdout.indexOf('{'))).totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
  });

  test('answers as it says, whatever is sent', { timeout: 900_000 }, async () => {
    // What is left to `default` would be described whatever it is.
    const document = JSON.parse((await answers(`${url}/openapi.json`)).body);
    for (const path of Object.values<Record<string, { responses: { default?: object } }>>(document.paths))
      for (const { responses } of Object.values(path)) delete responses.default;
    const cwd = join(work.folder, database, 'schemathesis');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'openapi.json'), JSON.stringify(document));
    writeFileSync(join(cwd, 'schemathesis.toml'), CONFIGURATION);
    const { code, stdout } = await run(
      tools.schemathesis,
      ['run', 'openapi.json', '--url', url, '--checks', 'all', '--max-examples', PER_OPERATION, '--seed', seed],
      { cwd, timeout: 880_000 },
    );
    console.log(`TWELVE_REQUESTS=${PER_OPERATION} TWELVE_SEED=${seed}: ${/\d+ generated.*/.exec(stdout)?.[0]}`);
    expect(code, stdout.slice(-8000)).toBe(0);
  });
});
