import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshot, withFolder } from '../support/folder.ts';
import { linesOf } from '../support/openapi.ts';
import { KEYWORDS } from '../support/openapi-keywords.ts';
import { memberAt, spotsIn, wholeDocument } from '../support/openapi-members.ts';
import { run } from '../support/program.ts';
import { serviceBelow } from '../support/service.ts';

/** Law 11, of the command: what is listed is on standard error, and makes the exit code 4. */

/** What a run says, and its exit code. */
async function add(cwd: string): Promise<{ code: number | null; stderr: string }> {
  const { code, stderr } = await run(['add-endpoint', '--from', '../api.json', '--yes'], { cwd });
  return { code, stderr };
}

const ENDPOINTS = ['v1-forms-post', 'v1-mixed-post', 'v1-orders-by-id-get', 'v1-orders-by-id-put'];

function endpointsIn(orders: string): string[] {
  const names = Object.keys(snapshot(orders)).map((path) => /^src\/features\/(v1-[^/]+)\//.exec(path)?.[1] ?? '');
  return [...new Set(names)].filter((name) => name !== '').toSorted();
}

describe('a service that grows by an OpenAPI document', () => {
  it('has all endpoints of a document of which everything is used: 0', () =>
    withFolder({ ...serviceBelow('orders'), 'api.json': JSON.stringify(wholeDocument()) }, async (folder) => {
      const orders = join(folder, 'orders');
      const { code, stderr } = await add(orders);
      expect(code, stderr).toBe(0);
      expect(stderr).not.toContain('look:');
      expect(endpointsIn(orders)).toEqual(ENDPOINTS);
      expect((await add(orders)).code).toBe(0);
    }));

  it('is told each loss, with 4, in every run; a document without losses is 0', async () => {
    const spots = spotsIn(wholeDocument(), 'the document', []);
    const value = fc.option(fc.constantFrom(...Object.values(KEYWORDS)), { freq: 2 });
    const member = fc.tuple(fc.constantFrom(...spots), fc.constantFrom(...Object.keys(KEYWORDS)), value);
    await fc.assert(
      fc.asyncProperty(member, async ([{ path }, name, one]) => {
        const document = wholeDocument();
        const place = memberAt(document, path);
        fc.pre(!Object.hasOwn(place, name));
        place[name] = one;
        const lines = linesOf(document);
        await withFolder({ ...serviceBelow('orders'), 'api.json': JSON.stringify(document) }, async (folder) => {
          for (const _ of ['first', 'second']) {
            const { code, stderr } = await add(join(folder, 'orders'));
            for (const line of lines) expect(stderr).toContain(`look: ${line}`);
            if (code !== 0 || lines.length > 0 || stderr.includes('look:')) expect(code, stderr).toBe(4);
          }
        });
      }),
      { numRuns: 5 },
    );
  });
});
