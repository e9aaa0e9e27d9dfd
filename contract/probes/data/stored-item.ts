import type { Harness } from '../../harness/harness.ts';
import { type Answer, describe } from '../../harness/http/ask.ts';
import type { WriteOperation } from '../../harness/schema/openapi.ts';
import type { Service } from '../../harness/service.ts';
import { Unseen } from '../../harness/wait.ts';

/** RFC 3339, with any offset. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A decimal without the zeros that say nothing. */
const plain = (decimal: string) =>
  decimal
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace(/^-0$/, '0');

const places = (decimal: string) => decimal.split('.')[1]?.length ?? 0;

/** How often something is written if it has what must be unique, and is taken. */
const TRIES = 3;
/** So many bodies show whether values come twice. */
const DRAWN = 100;

/**
 * Creates an item through the service's POST route.
 * @returns the path of the new item, and what has to be read from it
 * @throws Unseen if it is not acknowledged, which is recorded too, or cannot be found again
 */
export async function createItem(
  harness: Harness,
  service: Service,
): Promise<{ path: string; body: Record<string, unknown> }> {
  const write = await harness.write();
  let body = write.body();
  let answer = await service.ask(write.path, { method: 'POST', body });
  for (let tries = 1; answer.status === 409 && tries < TRIES && mayCollide(write); tries += 1) {
    body = write.body();
    answer = await service.ask(write.path, { method: 'POST', body });
  }
  const ok = answer.status === 201 || answer.status === 200;
  const path = ok ? await pathOf(harness, service, write, answer, body) : undefined;
  harness.saw({
    sent: `POST ${write.path} ${JSON.stringify(body)}`,
    expected: '201 or 200',
    got: describe(answer),
    ok,
  });
  if (path === undefined) throw new Unseen(`what is stored: POST ${write.path} was not acknowledged`);
  return { path, body: write.readable(body) };
}

/** Whether two bodies are likely to have a text in common that differs in others: of so few the service may want none twice. */
function mayCollide(write: WriteOperation): boolean {
  const made = Array.from({ length: DRAWN }, () => Object.entries(write.body()));
  const texts = new Map<string, Set<unknown>>();
  for (const [name, value] of made.flat()) texts.set(name, (texts.get(name) ?? new Set()).add(value));
  return [...texts.values()].some(({ size }) => size > 1 && size < DRAWN);
}

/** New items, as far as they can be made. Nothing is written to a service that somebody else runs. */
export async function storedItems(
  harness: Harness,
  count: number,
): Promise<{ path: string; body: Record<string, unknown> }[]> {
  if (harness.subject.target.kind === 'url' || !(await harness.findWrite())) return [];
  const items = [];
  for (let made = 0; made < count; made += 1) {
    const item = await createItem(harness, await harness.shared()).catch((error: Error) => {
      if (!(error instanceof Unseen)) throw error;
    });
    if (!item) break;
    items.push(item);
  }
  return items;
}

/** Where an item is: as its Location says, as a route that is described says, or below the list with the id of the answer. */
async function pathOf(
  harness: Harness,
  service: Service,
  { path: collection, readable }: WriteOperation,
  answer: Answer,
  body: Record<string, unknown>,
): Promise<string> {
  const { location } = answer.headers;
  if (location !== undefined) return new URL(location, service.url).pathname;
  const lost = `what is stored cannot be found again: POST ${collection} gives no Location, and`;
  const id = (answer.json as Record<string, unknown> | undefined)?.id;
  if (id === undefined) throw new Unseen(`${lost} no id`);
  const item = (await harness.openApi().catch(() => undefined))?.itemOf(collection);
  if (item) return item.path.replace(/\{[^}]+\}/, encodeURIComponent(String(id)));
  const usual = `${collection.replace(/\/$/, '')}/${encodeURIComponent(String(id))}`;
  const found = await service.ask(usual);
  // Some services answer 200 to every path.
  if (found.status === 200 && holds(found.json, readable(body))) return usual;
  throw new Unseen(`${lost} no route with an id is described below it; GET ${usual} gives ${describe(found)}`);
}

/**
 * Whether an answer has all that was written. Dates with a time are equal if they are the same instant, decimals in texts if
 * they are the same number, to at least as many places.
 */
export function holds(answer: unknown, body: unknown): boolean {
  if (typeof body === 'string' && typeof answer === 'string') {
    if (DATE_TIME.test(body) && DATE_TIME.test(answer)) return Date.parse(body) === Date.parse(answer);
    if (DECIMAL.test(body) && DECIMAL.test(answer) && `${body}${answer}`.includes('.'))
      return plain(body) === plain(answer) && places(answer) >= places(body);
  }
  if (typeof body !== 'object' || body === null) return answer === body;
  if (typeof answer !== 'object' || answer === null) return false;
  if (Array.isArray(body) && (!Array.isArray(answer) || answer.length !== body.length)) return false;
  return Object.entries(body).every(([key, value]) => holds((answer as Record<string, unknown>)[key], value));
}
