import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { type Registry, registry } from '../support/registry.ts';
import { Client, LINES, packed } from './support/clients.ts';
import { rowsOf } from './support/rows.ts';
import { root } from './support/service.ts';

/** docs/clients.md, command for command: its tables say what happens, and here it happens. */
const document = readFileSync(join(root, 'docs/clients.md'), 'utf8');

interface Tried {
  readonly client: string;
  readonly command: string;
  readonly outcome: string;
}

function triedIn(markdown: string): Tried[] {
  const tables = markdown.split('\n\n').filter((part) => part.startsWith('| command |'));
  return tables.flatMap((table) => {
    const [head = [], , ...rows] = table
      .trim()
      .split('\n')
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    return rows.flatMap(([command = '', ...outcomes]) =>
      outcomes.map((outcome, at) => ({ client: head[at + 1] ?? '', command: command.replaceAll('`', ''), outcome })),
    );
  });
}

const tried = triedIn(document);

describe('docs/clients.md', () => {
  const folder = makeFolder();
  const package_ = { file: '', manifest: {} as { name: string; version: string } };
  beforeAll(async () => {
    package_.file = await packed(root, folder);
    package_.manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  });
  afterAll(() => removeFolder(folder));

  async function served(): Promise<Registry> {
    const server = await registry();
    const { name, version, ...more } = package_.manifest;
    server.publish(name, version, readFileSync(package_.file), undefined, more);
    return server;
  }

  /** What became of a command, in the words of the document. */
  async function outcomeOf(client: Client, command: string, cwd: string): Promise<string> {
    const { code, said } = await client.type(command, cwd);
    const manifest = join(cwd, 'orders/.twelve.json');
    if (existsSync(manifest)) {
      const { answers } = JSON.parse(readFileSync(manifest, 'utf8'));
      const meant = Object.fromEntries(
        [...command.matchAll(/--(\w+)[ =](\S+)/g)].map(([, name, value]) => [name, value]),
      );
      expect({ ...answers, ...meant }, said).toEqual(answers);
      expect(code, said).toBe(0);
      return said.includes('warning: npm took') ? 'recovered' : 'works';
    }
    expect(code, said).not.toBe(0);
    if (!said.includes('help:  ')) return 'it refuses';
    expect([code, said]).toEqual([2, expect.stringContaining('npm create twelve-service@latest -- orders')]);
    return 'we refuse';
  }

  it('has a column for each client, and each is known here', () => {
    expect(new Set(tried.map(({ client }) => client))).toEqual(new Set(Object.keys(LINES)));
  });

  it.for([
    ['npm 11', /No versions available/],
    ['npm 12', /No versions available/],
    ['pnpm 10', /minimumReleaseAge/],
    ['pnpm 11', /minimumReleaseAge/],
    ['pnpm 12', /minimumReleaseAge/],
    ['yarn 4', /is quarantined/],
    ['bun 1', /all versions blocked by minimum-release-age/],
  ] as const)('what %s says of a version that is too young', { timeout: 120_000 }, async ([name, words], { skip }) => {
    const client = new Client(name, join(folder, `young-${name.replace(' ', '')}`));
    const problem = await client.install();
    if (problem !== undefined) {
      console.warn(`skipped: ${problem}`);
      skip(problem);
    }
    const server = await served();
    server.age(package_.manifest.name, package_.manifest.version, 0);
    client.use(server.url, true);
    const tool = name.split(' ')[0] ?? '';
    const form = tool === 'npm' ? 'npm create twelve-service@latest -- orders' : `${tool} create twelve-service orders`;
    const cwd = mkdtempSync(join(folder, 'young-'));
    const { code, said } = await client.type(`${form} --yes`, cwd);
    expect([code === 0, said]).toEqual([false, expect.stringMatching(words)]);
    expect(existsSync(join(cwd, 'orders'))).toBe(false);
  });

  it.for(rowsOf(Object.keys(LINES), 'clients', 2))(
    'what %s does with each command',
    { timeout: 480_000 },
    async (name, { skip }) => {
      const client = new Client(name, join(folder, name.replace(' ', '')));
      const problem = await client.install();
      if (problem !== undefined) {
        console.warn(`skipped: ${problem}`);
        skip(problem);
      }
      const { url } = await served();
      client.use(url);
      const said = tried.filter((one) => one.client === name);
      const found: Tried[] = [];
      for (const { command } of said) {
        mkdirSync(join(folder, 'work'), { recursive: true });
        const cwd = mkdtempSync(join(folder, 'work/w-'));
        found.push({ client: name, command, outcome: await outcomeOf(client, command, cwd) });
      }
      expect(found).toEqual(said);
    },
  );
});
