import type { Harness } from '../../harness/harness.ts';
import { describe } from '../../harness/http/ask.ts';
import type { Service } from '../../harness/service.ts';
import { createItem } from './stored-item.ts';

/**
 * Reads an item by its id in upper case after it was changed, and after it was deleted, by the id as it was given. Where
 * that finds nothing at all, or a change is refused, there is nothing to see.
 */
export async function probeOtherSpelling(harness: Harness, service: Service): Promise<void> {
  const { path } = await createItem(harness, service);
  const cut = path.lastIndexOf('/') + 1;
  const other = path.slice(0, cut) + path.slice(cut).replace(/[a-f]/g, (letter) => letter.toUpperCase());
  if (other === path || (await service.ask(other)).status !== 200) return;
  const openApi = await harness.openApi();
  for (const method of ['PUT', 'DELETE']) {
    const operation = openApi.changeOf(method, path);
    if (!operation) continue;
    const { etag } = (await service.ask(path)).headers;
    const headers: Record<string, string> = etag === undefined ? {} : { 'if-match': etag };
    const { status } = await service.ask(path, { method, headers, body: operation.body?.() });
    if (status >= 300) continue;
    const [plain, spelled] = [await service.ask(path), await service.ask(other)];
    harness.saw({
      sent: `${method} ${path}, then GET ${other}`,
      expected: `what GET ${path} answers: ${describe(plain)}`,
      got: describe(spelled),
      ok: spelled.status === plain.status && (plain.status !== 200 || spelled.text === plain.text),
    });
  }
}
