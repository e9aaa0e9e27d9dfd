import { expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import type { Service } from '../../engine/core/service/addition.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { grow, serviceOf } from '../support/service.ts';

/** What all endpoints share. */
const SHARED = 'src/platform/values.ts' as never;

const endpoint = (path: string) => ({ route: `GET ${path}`, query: ['x:int'] });

/** A service with one endpoint, whose shared file has this text, recorded with the hash of another one. */
async function service(text: string, recorded: string): Promise<Service> {
  const grown = await grow(serviceOf(), endpoint('/a'));
  if (grown instanceof UserError) throw grown;
  const shared = { [SHARED]: hashContent(Buffer.from(recorded)) };
  const additions = grown.manifest.additions?.map((addition) => ({ ...addition, shared })) ?? [];
  expect(grown.tree.get(SHARED)).toBeDefined();
  return {
    manifest: { ...grown.manifest, additions },
    tree: new Map([...grown.tree, [SHARED, { content: Buffer.from(text), mode: 0o644 }]]),
  };
}

it('a shared file as another version wrote it: upgrade first, for what is added may need more of it', async () => {
  expect(await grow(await service('old', 'old'), endpoint('/b'))).toMatchObject({
    code: 'NOT_POSSIBLE',
    message: expect.stringContaining('src/platform/values.ts is as another version of this program wrote it'),
    remedy: expect.stringContaining('upgrade'),
  });
});

it('a shared file that the team edited stays', async () => {
  const grown = await grow(await service('ours', 'old'), endpoint('/b'));
  expect(grown).not.toBeInstanceOf(UserError);
  expect(Buffer.from((grown as Service).tree.get(SHARED)?.content ?? []).toString()).toBe('ours');
});
