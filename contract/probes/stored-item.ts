import type { Harness } from '../harness/harness.ts';
import { describe } from '../harness/http.ts';
import type { Service } from '../harness/service.ts';

/**
 * Creates an item through the service's POST route.
 * @returns the path of the new item and what was sent
 * @throws when the service does not acknowledge it or does not say where it is
 */
export async function createItem(
  harness: Harness,
  service: Service,
): Promise<{ path: string; body: Record<string, unknown> }> {
  const openApi = await harness.openApi();
  const write = await harness.write();
  const body = write.body();
  const answer = await service.ask(write.path, { method: 'POST', body });
  const ok = answer.status === 201 || answer.status === 200;
  harness.saw({
    sent: `POST ${write.path} ${JSON.stringify(body)}`,
    expected: '201 or 200',
    got: describe(answer),
    ok,
  });
  if (!ok) throw new Error(`POST ${write.path} was not acknowledged`);
  const { location } = answer.headers;
  if (location !== undefined) return { path: new URL(location, service.url).pathname, body };
  const item = openApi.itemOf(write.path);
  const id = (answer.json as Record<string, unknown> | undefined)?.id;
  if (!item || id === undefined) throw new Error(`POST ${write.path} says neither a Location nor an id`);
  return { path: item.path.replace(/\{[^}]+\}/, encodeURIComponent(String(id))), body };
}

/** Whether an answer holds every property of a body that was written. */
export function holds(answer: unknown, body: Readonly<Record<string, unknown>>): boolean {
  const found = (answer ?? {}) as Record<string, unknown>;
  return Object.entries(body).every(([key, value]) => JSON.stringify(found[key]) === JSON.stringify(value));
}
