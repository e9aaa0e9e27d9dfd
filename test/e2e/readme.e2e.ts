import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, stackNamed } from './http/stacks.ts';
import { rowsHere, rowsOf } from './support/rows.ts';
import { must } from './support/run.ts';
import { commit, makeService, products, workFolder } from './support/service.ts';

/**
 * The service's README.md and AGENTS.md, command for command: a text that nobody runs is wrong within a year. The code of
 * a list item is indented with it.
 */
const blocks = (markdown: string, language: string): string[] =>
  [...markdown.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'gm'))].map(
    ([, indent = '', code = '']) => code.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );

/** What the documents of a language name, and how one works by them. */
interface Manual {
  readonly stack: Stack;
  /** Commands that the documents name: each has to be one of `defined`. */
  readonly scripts: RegExp;
  readonly defined: (folder: string) => readonly string[];
  readonly verbs: { readonly named: RegExp; readonly known: (folder: string) => readonly string[] };
  /** They leave nothing to commit. */
  readonly idle: readonly (readonly [file: string, ...args: string[]])[];
  readonly check: readonly [file: string, ...args: string[]];
  /** The files of the endpoint that AGENTS.md has, from its code. */
  readonly greeting: (code: string) => Readonly<Record<string, string>>;
  /** What `check` says of the test of that endpoint, where it names what passed. */
  readonly said?: string;
  readonly language: string;
  readonly features: string;
  /** What the features are when the example is gone, and the greeting is there. */
  readonly left: readonly string[];
  readonly deletes: RegExp;
}

const TYPESCRIPT: Manual = {
  stack: stackNamed('typescript'),
  scripts: /npm run ([\w:-]+)/g,
  defined: (folder) => Object.keys(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).scripts),
  verbs: {
    named: /node dist\/main\.js ([a-z]+)/g,
    known: (folder) => readdirSync(join(folder, 'src/platform/verbs')).map((file) => file.replace(/\.ts$/, '')),
  },
  idle: ['format', 'build', 'docs'].map((script) => ['npm', 'run', script] as const),
  check: ['npm', 'run', 'check'],
  greeting: (code) => ({
    'src/features/greetings/routes.ts': code,
    'src/features/greetings/routes.test.ts': `import assert from "node:assert/strict";
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
`,
  }),
  said: 'greets by name',
  language: 'ts',
  features: 'src/features',
  left: ['greetings'],
  deletes: /^rm -r /m,
};

const GO: Manual = {
  stack: stackNamed('go'),
  scripts: /\bmake ([\w-]+)/g,
  defined: (folder) =>
    [...readFileSync(join(folder, 'Makefile'), 'utf8').matchAll(/^([\w-]+):/gm)].map(([, name = '']) => name),
  verbs: {
    named: /bin\/service ([a-z]+)/g,
    known: (folder) => {
      const platform = join(folder, 'internal/platform');
      const sources = readdirSync(platform).filter((file) => file.endsWith('.go'));
      const text = sources.map((file) => readFileSync(join(platform, file), 'utf8')).join('');
      return [...text.matchAll(/\bVerb\("(\w+)"/g)].map(([, name = '']) => name);
    },
  },
  idle: ['format', 'tidy', 'build', 'docs'].map((target) => ['make', target] as const),
  check: ['make', 'check'],
  greeting: (code) => ({
    'internal/features/greetings.go': `package features

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"service/internal/platform"
	"service/internal/platform/fields"
)

${code}
type greetInput struct {
	Name string \`path:"name"\`
}

type greetOutput struct {
	Body struct {
		Greeting string \`json:"greeting"\`
	}
}

func greet(_ context.Context, input *greetInput) (*greetOutput, error) {
	output := &greetOutput{}
	output.Body.Greeting = "Hello, " + input.Name + "!"
	return output, nil
}
`,
    'internal/features/greetings_test.go': `package features

import (
	"net/http"
	"strings"
	"testing"

	"service/internal/testkit"
)

func TestGreetsByName(t *testing.T) {
	answer := testkit.New(t, nil).Do(http.MethodGet, "/greetings/Ada", nil)
	if !strings.Contains(string(answer.Body), "Hello, Ada!") {
		t.Error(answer.Status, string(answer.Body))
	}
}
`,
  }),
  language: 'go',
  features: 'internal/features',
  left: ['features.go', 'greetings.go', 'greetings_test.go'],
  deletes: /^rm /m,
};

const PYTHON: Manual = {
  stack: stackNamed('python'),
  scripts: GO.scripts,
  defined: GO.defined,
  verbs: {
    named: /-m service ([a-z]+)/g,
    known: (folder) => readdirSync(join(folder, 'src/service/platform/verbs')).map((file) => file.replace(/\.py$/, '')),
  },
  idle: ['format', 'lock', 'docs'].map((target) => ['make', target] as const),
  check: ['make', 'check'],
  greeting: (code) => ({
    'src/service/features/greetings.py': `"""Greets."""

from typing import Annotated

from fastapi import Path

from service.platform.fields import Output
from service.platform.routes import Router

${code}`,
    'tests/test_greetings.py': `from service.testing.service import Service


def test_greets_by_name(service: Service) -> None:
    assert service.get("/greetings/Ada").json() == {"greeting": "Hello Ada"}
`,
  }),
  language: 'python',
  features: 'src/service/features',
  left: ['__init__.py', 'greetings.py'],
  deletes: /^rm /m,
};

/** So that each share has a row of each language. */
const all = products.flatMap(([title, product]) =>
  [TYPESCRIPT, GO, PYTHON].map((manual) => [title, manual.stack.name, product, manual] as const),
);
const documents = 'documents of services';
const rows = rowsHere(rowsOf(all, documents), documents, ([, , , { stack }]) => stack.missing());

describe.each(rows)('README.md and AGENTS.md of a service with %s in %s', (_title, _name, product, manual) => {
  const work = workFolder();
  const folder = join(work.folder, 'orders');
  let program: readonly [file: string, ...args: string[]];
  let readme: string;
  let agents: string;
  const runs = ([file, ...args]: readonly [file: string, ...args: string[]]) =>
    must(file, args, { cwd: folder, timeout: 480_000 });

  beforeAll(async () => {
    await makeService('orders', folder, { ...product, stack: manual.stack.name });
    await commit(folder);
    program = await manual.stack.build(folder);
    readme = readFileSync(join(folder, 'README.md'), 'utf8');
    agents = readFileSync(join(folder, 'AGENTS.md'), 'utf8');
  });
  afterAll(work.remove);

  it('name only scripts, verbs and files that there are', () => {
    const text = readme + agents;
    const named = [...text.matchAll(manual.scripts)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(4);
    for (const name of named) expect(manual.defined(folder)).toContain(name);
    const verbs = [...text.matchAll(manual.verbs.named)].map(([, verb]) => verb);
    expect(verbs.length).toBeGreaterThan(2);
    for (const verb of verbs) expect(manual.verbs.known(folder)).toContain(verb);
    for (const [, path = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect([path, existsSync(join(folder, path))]).toEqual([path, true]);
  });

  it('what formats, builds and documents leaves nothing to commit', async () => {
    for (const command of manual.idle) await runs(command);
    expect(await must('git', ['status', '--porcelain'], { cwd: folder })).toBe('');
    expect(JSON.parse(await runs([...program, 'version']))).toMatchObject({ name: 'orders' });
  });

  it('the endpoint of AGENTS.md, with a test, passes what has to pass before a commit', {
    timeout: 480_000,
  }, async () => {
    const [code = ''] = blocks(agents, manual.language);
    expect(code).toMatch(/\/greetings\/(:name|\{name\})/);
    for (const [path, text] of Object.entries(manual.greeting(code))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const output = await runs(manual.check);
    if (manual.said !== undefined) expect(output).toContain(manual.said);
  });

  it('the command that deletes the example leaves a service that passes the same', { timeout: 480_000 }, async () => {
    const deletes = blocks(readme, 'sh').filter((block) => manual.deletes.test(block));
    expect(deletes).toHaveLength(1);
    await must('sh', ['-euc', deletes[0] ?? ''], { cwd: folder });
    expect(readdirSync(join(folder, manual.features)).sort()).toEqual(manual.left);
    await runs(manual.check);
  });
});
