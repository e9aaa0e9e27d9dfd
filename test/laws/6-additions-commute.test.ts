// @module-tag wider
import { transform } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { isRecordPath } from '../../engine/core/record/addition-record.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import type { Service } from '../../engine/core/service/addition.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import type { TreeFile } from '../../engine/core/tree.ts';
import { DEFAULT_STACK, STACKS } from '../../stacks/index.ts';
import { expectedRoute, expectedStatus, type RawEndpoint, rawEndpoint, validEndpoint } from '../support/endpoints.ts';
import { campaign } from '../support/extent.ts';
import { afterPlan, grow, growAll, ofTree, plain, planEndpoint, serviceIn } from '../support/service.ts';

/**
 * Law 6. Additions commute: in every order they give the same tree. Adding twice is the same as adding once. Nothing
 * that a person wrote changes.
 */
const EMPTY = serviceIn(DEFAULT_STACK.id);

const textOf = (file: TreeFile | undefined): string => Buffer.from(file?.content ?? []).toString('utf8');

/** A person's edit of one file. */
type Edit = 'nothing' | 'crlf' | 'comment' | 'reformat' | 'executable' | 'move' | 'remove' | 'bytes';

function editFile(path: RepoPath, file: TreeFile, edit: Edit): [RepoPath, TreeFile][] {
  const text = textOf(file);
  const become = (content: string): [RepoPath, TreeFile][] => [[path, { ...file, content: Buffer.from(content) }]];
  switch (edit) {
    case 'nothing':
      return [[path, file]];
    case 'crlf':
      return become(text.replaceAll('\n', '\r\n'));
    case 'comment':
      return become(`// mine\n${text}// to the end, without a newline`);
    case 'reformat':
      return become(text.replaceAll('  ', '\t').replaceAll(';\n', '\n\n'));
    case 'executable':
      return [[path, { ...file, mode: 0o755 }]];
    case 'move':
      return [[parseRepoPath(path.replace(/([^/]+)$/, 'moved/$1')), file]];
    case 'remove':
      return [];
    case 'bytes':
      return [[path, { ...file, content: Buffer.from([0xff, 0xfe, 0, 0x0d, 0x0a, 0x80]) }]];
  }
}

function editManifest(text: string, edit: 'nothing' | 'crlf' | 'reformat' | 'extra'): string {
  if (edit === 'crlf') return text.replaceAll('\n', '\r\n');
  if (edit === 'reformat') return JSON.stringify(JSON.parse(text), null, 4);
  return edit === 'extra' ? text.replace('{\n', '{\n  "ours": { "kept": true },\n') : text;
}

interface Person {
  readonly files: readonly Edit[];
  readonly manifest: 'nothing' | 'crlf' | 'reformat' | 'extra';
}

const person: fc.Arbitrary<Person> = fc.record({
  files: fc.array(
    fc.constantFrom<Edit>('nothing', 'crlf', 'comment', 'reformat', 'executable', 'move', 'remove', 'bytes'),
    { minLength: 20, maxLength: 20 },
  ),
  manifest: fc.constantFrom('nothing', 'crlf', 'reformat', 'extra'),
});

function edited({ tree }: Service, { files, manifest }: Person): Service {
  const ours = new Set([...tree.keys()].filter((path) => path === MANIFEST_PATH || isRecordPath(path)));
  const entries = [...tree].flatMap(([path, file], index) =>
    ours.has(path)
      ? [[path, { ...file, content: Buffer.from(editManifest(textOf(file), manifest)) }] as [RepoPath, TreeFile]]
      : editFile(path, file, files[index % files.length] ?? 'nothing'),
  );
  return ofTree(new Map(entries));
}

function code(outcome: Service | UserError): string {
  return outcome instanceof UserError ? outcome.code : 'grown';
}

const result = (outcome: Service | UserError) => (outcome instanceof UserError ? outcome.code : plain(outcome.tree));

/** All orders of some definitions. */
function orders<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((one, at) => orders(items.toSpliced(at, 1)).map((rest) => [one, ...rest]));
}

/** Runs a property on services that grew, and checks at the end that most grew: skipped cases prove nothing. */
async function forMost<T extends readonly unknown[]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  numRuns: number,
  property: (...values: T) => Promise<boolean>,
): Promise<void> {
  let tried = 0;
  let reached = 0;
  const all = arbitraries as unknown as [fc.Arbitrary<unknown>];
  await fc.assert(
    fc.asyncProperty(...all, async (...values: unknown[]) => {
      tried += 1;
      if (await property(...(values as unknown as T))) reached += 1;
    }),
    campaign(numRuns),
  );
  expect(reached).toBeGreaterThan(tried / 2);
}

describe.each(STACKS.map(({ id }) => id))('law 6: additions to a service in %s commute', (stack) => {
  const EMPTY = serviceIn(stack);

  it('two endpoints in either order give the same tree, or are refused in either', async () => {
    await forMost<[RawEndpoint, RawEndpoint, Person]>(
      [validEndpoint, validEndpoint, person],
      150,
      async (a, b, who) => {
        const service = edited(EMPTY, who);
        const [one, other] = [await growAll(service, [a, b]), await growAll(service, [b, a])];
        expect(result(one)).toEqual(result(other));
        return code(one) === 'grown';
      },
    );
  });

  it('three endpoints in any of the six orders give the same tree, or are refused in all', async () => {
    await forMost<[RawEndpoint[], Person]>(
      [fc.array(validEndpoint, { minLength: 3, maxLength: 3 }), person],
      40,
      async (all, who) => {
        const service = edited(EMPTY, who);
        const results = [];
        for (const order of orders(all)) results.push(await growAll(service, order));
        expect(results.length).toBe(6);
        const grown = results.map((outcome) => outcome instanceof UserError);
        expect(new Set(grown).size).toBe(1);
        for (const outcome of results)
          if (!(outcome instanceof UserError)) expect(plain(outcome.tree)).toEqual(result(results[0] ?? outcome));
        return code(results[0] ?? service) === 'grown';
      },
    );
  });

  it('two with the same path, parameter or folder: the second is refused, in either order', async () => {
    const pairs: [RawEndpoint, RawEndpoint, string][] = [
      [{ route: 'GET /orders/:id' }, { route: 'DELETE /orders/:orderId' }, 'NAME_TAKEN'],
      [{ route: 'GET /a-b' }, { route: 'GET /a/b' }, 'NAME_TAKEN'],
      [{ route: 'GET /Orders' }, { route: 'GET /orders' }, 'NAME_TAKEN'],
      [{ route: 'GET /a', folder: 'same' }, { route: 'PUT /b', folder: 'same' }, 'NAME_TAKEN'],
      [{ route: 'GET /a' }, { route: 'GET /a', query: ['limit:int'] }, 'ADDITION_DIFFERS'],
    ];
    for (const [a, b, refused] of pairs) {
      expect([a.route, code(await growAll(EMPTY, [a])), code(await growAll(EMPTY, [b]))]).toEqual([
        a.route,
        'grown',
        'grown',
      ]);
      for (const order of [
        [a, b],
        [b, a],
      ])
        expect([a.route, code(await growAll(EMPTY, order))]).toEqual([a.route, refused]);
    }
  });

  it('twice is once, even when a person edits, moves or removes everything in between', async () => {
    await forMost<[RawEndpoint, Person, Person]>([validEndpoint, person, person], 100, async (raw, before, between) => {
      const grown = await grow(edited(EMPTY, before), raw);
      if (grown instanceof UserError) return false;
      const left = edited(grown, between);
      const plan = await planEndpoint(left, raw);
      expect(plan.changes).toEqual([]);
      expect(plan.notes).toEqual([expect.stringContaining('already exists')]);
      return true;
    });
  });

  it('no existing file changes, not even the manifest', async () => {
    await forMost<[RawEndpoint, RawEndpoint, Person]>(
      [validEndpoint, validEndpoint, person],
      150,
      async (a, b, who) => {
        const first = await grow(EMPTY, a);
        if (first instanceof UserError) return false;
        const service = edited(first, who);
        let grown: Service;
        try {
          const plan = await planEndpoint(service, b);
          grown = afterPlan(service, plan);
          const changed = plan.changes.filter(({ kind }) => kind !== 'create').map(({ kind, path }) => [kind, path]);
          expect(changed).toEqual([]);
        } catch (error) {
          if (error instanceof UserError) return false;
          throw error;
        }
        for (const [path, file] of service.tree) expect(grown.tree.get(path)).toBe(file);
        return true;
      },
    );
  });

  it('each is recorded in a file of its own, with the same bytes whatever else was added', async () => {
    await forMost<[RawEndpoint, RawEndpoint]>([validEndpoint, validEndpoint], 60, async (a, b) => {
      const records = [await grow(EMPTY, a), await growAll(EMPTY, [b, a])].map((grown) =>
        grown instanceof UserError ? [] : [...grown.tree].filter(([path]) => isRecordPath(path)),
      );
      const [alone = [], both = []] = records.map((files) => files.map(([path, file]) => [path, textOf(file)]));
      if (alone.length === 0 || both.length === 0) return false;
      expect([alone.length, both.length]).toEqual([1, 2]);
      expect(both).toEqual(expect.arrayContaining(alone));
      return true;
    });
  });
});

describe('a thousand definitions', () => {
  it('each is rendered as TypeScript, or refused with INPUT_INVALID and a reason; nothing else happens', async () => {
    const counts = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(rawEndpoint, async (raw) => {
        const outcome = await grow(EMPTY, raw);
        if (outcome instanceof UserError) {
          counts.refused += 1;
          expect([outcome.code, outcome.exit]).toEqual(['INPUT_INVALID', 2]);
          expect(outcome.message).toMatch(/^[^\n]{10,}$/);
          return;
        }
        counts.taken += 1;
        await expectEndpoint(outcome, raw);
      }),
      campaign(1000),
    );
    expect(counts.taken).toBeGreaterThan(counts.refused);
    expect(counts.refused).toBeGreaterThan(counts.taken / 8);
  });

  it('valid definitions are accepted', async () => {
    await fc.assert(
      fc.asyncProperty(validEndpoint, async (raw) => {
        const outcome = await grow(EMPTY, raw);
        expect(outcome instanceof UserError ? outcome.message : 'taken').toBe('taken');
      }),
      campaign(200),
    );
  });
});

/** Checks its files as far as that is possible without the service's own packages. */
async function expectEndpoint({ tree }: Service, raw: RawEndpoint): Promise<void> {
  const made = [...tree].filter(([path]) => !EMPTY.tree.has(path) && !isRecordPath(path));
  const texts = new Map(made.map(([path, file]) => [path.replace(/^.*\//, ''), textOf(file)]));
  expect([...texts.keys()].filter((name) => name !== 'values.ts').sort()).toEqual([
    'handler.ts',
    'routes.test.ts',
    'routes.ts',
    'schemas.ts',
  ]);
  await Promise.all([...texts.values()].map((text) => transform(text, { loader: 'ts' })));
  const { method, path } = expectedRoute(raw);
  const routes = texts.get('routes.ts') ?? '';
  expect(routes).toContain(`app.${method.toLowerCase()}(\n    ${JSON.stringify(path)},`);
  expect(routes.replace(/\n\s+\./g, '.')).toContain(`reply.code(${expectedStatus(raw)})`);
  for (const error of raw.error ?? []) expect(routes).toContain(`${error}: problem(`);
  const schemas = texts.get('schemas.ts') ?? '';
  const parts = { Query: raw.query, Headers: raw.header, Body: raw.body };
  for (const [name, fields = []] of Object.entries(parts))
    expect(schemas.includes(`export const ${name} = `)).toBe(fields.length > 0);
  const named = (raw.body ?? []).filter((field) => /^\w/.test(field));
  for (const field of named) expect(schemas).toMatch(new RegExp(`\n +${field.split(':')[0]}: `));
}
