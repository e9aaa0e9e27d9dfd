import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing.ts';
import { freePort } from '../../contract/harness/ports.ts';
import { hasProcfs } from '../../contract/harness/procfs.ts';
import { rules } from '../../contract/rules/index.ts';
import type { ProcessTarget } from '../../contract/types.ts';
import { type Result, verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';

/** Services as frameworks make them: what they do in their own way is judged by what it is, not by how it is said. */

const folder = makeFolder();
const backing = new Backing();
afterAll(async () => {
  removeFolder(folder);
  await backing.stop();
});

write(folder, {
  'main.cjs': `
    const { createServer } = require('node:http');
    const { DEFAULT_PORT, LINE, NEEDS, PORT } = process.env;
    if (NEEDS && !globalThis[NEEDS]) throw new Error('nothing was loaded first');
    if (!/^\\d+$/.test(PORT)) process.exit(78);
    const log = (level, message) => console.log(JSON.stringify({ level, message }));
    process.on('uncaughtException', (error) => {
      log('fatal', error.stack);
      process.exit(1);
    });
    const server = createServer((request, response) => {
      response.end('{}');
      const { 'x-request-id': request_id } = request.headers;
      console.log(JSON.stringify({ level: 'info', request_id, 'http.route': request.url }));
    });
    server.on('error', ({ message }) => {
      log('error', message);
      process.exit(1);
    });
    server.listen(Number(PORT) || Number(DEFAULT_PORT), '127.0.0.1', () => {
      console.log((LINE ?? '{"port":%}').replace('%', server.address().port));
    });`,
  'first.cjs': 'globalThis.loadedFirst = true;',
});

async function look(id: string, env: Record<string, string>): Promise<Result | undefined> {
  const target: ProcessTarget = {
    kind: 'process',
    name: 'any',
    folder,
    command: [process.execPath, join(folder, 'main.cjs')],
    verbless: true,
    paths: { live: '/', ready: '/' },
    env: { DEFAULT_PORT: '0', ...env },
  };
  const { results } = await verify(target, { backing, rules: rules.filter((rule) => rule.id === id) });
  return results[0];
}

describe('a free port', { timeout: 90_000 }, () => {
  const seen = async (env: Record<string, string>) => {
    const result = await look('VII-1', env);
    return result?.evidence.find(({ sent }) => sent.startsWith('PORT=0'));
  };

  test.each(['Tomcat started on port % (http)', '{"port":"%"}', '* Listening on http://127.0.0.1:%', '{"port":%}'])(
    'is named by %s',
    async (LINE) => {
      const { got, ok } = (await seen({ LINE })) ?? {};
      expect(got).toMatch(/^port \d{4,5}, and port \d{4,5}$/);
      expect(ok).toBe(true);
    },
  );

  test('is not the usual one, which 0 is taken for no port in favour of', async () => {
    const DEFAULT_PORT = String(await freePort());
    const { got, ok } = (await seen({ DEFAULT_PORT })) ?? {};
    expect(got).toContain(`port ${DEFAULT_PORT}`);
    expect(got).toMatch(/no such line: .*EADDRINUSE/);
    expect(ok).toBe(false);
  });

  test.skipIf(!hasProcfs())("is not another process's", async () => {
    const other = createServer((_, response) => response.end('ok'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    try {
      const line = `the collector is at ${port}`;
      expect(await seen({ LINE: line })).toMatchObject({
        ok: false,
        got: `no such line: ${line}, and no such line: ${line}`,
      });
    } finally {
      other.close();
    }
  });
});

test('what its user loads first is still loaded when it is made to crash', { timeout: 60_000 }, async () => {
  const env = { NODE_OPTIONS: `--require=${join(folder, 'first.cjs')}`, NEEDS: 'loadedFirst' };
  const result = await look('XI-1', env);
  expect(result?.evidence.filter(({ ok }) => !ok)).toEqual([]);
  expect(result?.evidence.map(({ sent }) => sent)).toContain('an exception that nobody catches');
});
