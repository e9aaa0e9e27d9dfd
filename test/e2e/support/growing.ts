import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from './service.ts';

const ANYWHERE: readonly (readonly string[])[] = [
  [
    'add-endpoint',
    'POST /orders/:orderId/items',
    '--body',
    'sku:string!',
    '--body',
    'quantity:int>0',
    '--response',
    'id:uuid',
  ],
  [
    'add-endpoint',
    'GET /orders',
    '--query',
    'limit:int>0<=100?',
    '--response',
    '[]:{id:uuid,total:decimal>=0}',
    '--error',
    '409',
  ],
  [
    'add-endpoint',
    'PUT /orders/:orderId/labels',
    '--query',
    'fields:enum(id,size)[]?:csv',
    '--body',
    ':{class:string,"a-b":int|string[]|null,at:datetime,*:string}?',
    '--response',
    ':{class:string,any:any,*:none}|string|null',
  ],
  [
    'add-endpoint',
    'POST /orders/import',
    '--body-type',
    'application/x-www-form-urlencoded',
    '--body',
    'number:int',
    '--body',
    'tags:string[]?',
    '--response-type',
    'text/csv',
    '--response',
    ':string',
  ],
  ['add-client', 'payments', '--base-url-env', 'PAYMENTS_URL'],
  ['add-client', 'stock-service'],
  ['add-task', 'backfill-totals'],
  ['add-worker', 'invoice-mailer'],
  ['add-flag', 'new-checkout'],
];
const STORED: readonly (readonly string[])[] = [
  [
    'add-resource',
    'invoice',
    'number:string:unique',
    'total:decimal',
    'dueOn:date?',
    'status:enum(open,paid)',
    'sentAt:datetime?',
    'source:uri?',
    'class:int?',
  ],
  ['add-migration', 'add_paid_at_to_products'],
];

/** What every generator is asked for, in a service with these options. */
export const commandsFor = ({ database }: Options): readonly (readonly string[])[] => [
  ...ANYWHERE,
  ...(database === 'postgres' ? STORED : []),
];

/** A person was here: another indentation, comments, Windows line ends, a feature under another name. */
export function edit(folder: string, { database, ci }: Options): void {
  const change = (path: string, how: (text: string) => string) => {
    const file = join(folder, path);
    writeFileSync(file, how(readFileSync(file, 'utf8')));
  };
  const crlf = (text: string) => text.replaceAll('\n', '\r\n');
  change('biome.json', (text) => text.replace('"!package-lock.json"', '"!package*.json"'));
  change('package.json', (text) => `${JSON.stringify(JSON.parse(text), null, 4)}\n`);
  change('docker-compose.orders.yaml', (text) => crlf(text.replace('services:\n', '# Ours.\nservices:\n')));
  change('.twelve.json', crlf);
  if (ci === 'gitlab') change('.gitlab-ci.yml', (text) => `# Ours.\n${text}`);
  change('src/platform/config/http.ts', (text) => `// Ours.\n${text}`);
  const [was, is] = database === 'postgres' ? ['products', 'catalogue'] : ['slugs', 'titles'];
  renameSync(join(folder, 'src/features', was), join(folder, 'src/features', is));
}
