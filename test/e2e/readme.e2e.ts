import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npmCi } from './support/installed.ts';
import { must } from './support/run.ts';
import { commit, makeService, products, workFolder } from './support/service.ts';

/** The service's README.md and AGENTS.md, command for command: a text that nobody runs is wrong within a year. */
const blocks = (markdown: string, language: string): string[] =>
  [...markdown.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code);

/** A list item's code is indented with it. */
const unindent = (text: string): string => text.replace(/^ {3}/gm, '');

describe.each(products)('README.md and AGENTS.md of %s', (_title, product) => {
  const work = workFolder();
  const folder = join(work.folder, 'orders');
  let readme: string;
  let agents: string;

  beforeAll(async () => {
    await makeService('orders', folder, product);
    await commit(folder);
    await npmCi(folder);
    readme = readFileSync(join(folder, 'README.md'), 'utf8');
    agents = readFileSync(join(folder, 'AGENTS.md'), 'utf8');
  });
  afterAll(work.remove);

  it('name only scripts, verbs and files that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: object };
    const verbs = readdirSync(join(folder, 'src/platform/verbs')).map((file) => file.replace(/\.ts$/, ''));
    const text = readme + agents;
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(4);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
    for (const [, verb] of text.matchAll(/node dist\/main\.js ([a-z]+)/g)) expect(verbs).toContain(verb);
    for (const [, path = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect([path, existsSync(join(folder, path))]).toEqual([path, true]);
  });

  it('format, build and docs leave nothing to commit', async () => {
    for (const script of ['format', 'build', 'docs']) await must('npm', ['run', script], { cwd: folder });
    expect(await must('git', ['status', '--porcelain'], { cwd: folder })).toBe('');
    expect(JSON.parse(await must(process.execPath, ['dist/main.js', 'version'], { cwd: folder }))).toMatchObject({
      name: 'orders',
    });
  });

  it('the endpoint of AGENTS.md, with a test, passes npm run check', async () => {
    const [routes = ''] = blocks(unindent(agents), 'ts');
    expect(routes).toContain('/greetings/:name');
    const feature = join(folder, 'src/features/greetings');
    mkdirSync(feature);
    writeFileSync(join(feature, 'routes.ts'), routes);
    writeFileSync(join(feature, 'routes.test.ts'), GREETING_TEST);
    const output = await must('npm', ['run', 'check'], { cwd: folder });
    expect(output).toContain('greets by name');
  });

  it('the command that deletes the example leaves a service that passes npm run check', async () => {
    const deletes = blocks(readme, 'sh').filter((block) => /^rm -r /m.test(block));
    expect(deletes).toHaveLength(1);
    await must('sh', ['-euc', deletes[0] ?? ''], { cwd: folder });
    expect(readdirSync(join(folder, 'src/features'))).toEqual(['greetings']);
    await must('npm', ['run', 'check'], { cwd: folder });
  });
});

const GREETING_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import fastify from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import routes from "./routes.ts";

test("greets by name", async () => {
  const app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(routes);
  assert.deepEqual((await app.inject("/greetings/Ada")).json(), { greeting: "Hello, Ada!" });
});
`;
