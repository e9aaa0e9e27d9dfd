import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findUnasked } from '../../engine/core/preset/unasked.ts';
import type { Tree } from '../../engine/core/tree.ts';
import { parseCreateAnswers } from '../../generators/create/questions.ts';
import { GO_CODE } from '../../stacks/go/code.ts';
import { GO } from '../../stacks/go/index.ts';
import { parseModule } from '../../stacks/go/module.ts';
import { isOutsideWorkspace } from '../../stacks/go/workspace.ts';

const MODULE = `module service

go 1.26.0

require (
	example.com/direct v1.2.0
	example.com/forked/v2 v2.0.0
)

require example.com/indirect v0.3.0 // indirect

replace example.com/forked/v2 v2.0.0 => example.com/fork/v2 v2.1.0

tool example.com/indirect/cmd/thing
`;

const SUMS = [
  'example.com/direct v1.2.0 h1:aaaa=',
  'example.com/direct v1.2.0/go.mod h1:bbbb=',
  'example.com/fork/v2 v2.1.0 h1:cccc=',
  'example.com/fork/v2 v2.1.0/go.mod h1:dddd=',
  'example.com/indirect v0.2.0/go.mod h1:eeee=',
  'example.com/indirect v0.3.0/go.mod h1:ffff=',
];

const asTree = (files: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path as never, { content: Buffer.from(text), mode: 0o644 }]));

const reader = (files: Readonly<Record<string, string | undefined>>) =>
  Object.assign((path: string) => files[path], { paths: () => Object.keys(files) });

const check = (manifest: string | undefined, sums: readonly string[] | undefined) =>
  GO_CODE.lock.check(reader({ 'go.mod': manifest, 'go.sum': sums?.map((line) => `${line}\n`).join('') }));

describe('what is kept current', () => {
  const read = (path: string) => readFileSync(new URL(`../../templates/go/${path}`, import.meta.url), 'utf8');

  it('is every version of a tool: Renovate reads the comment above it', () => {
    const makefile = read('base/Makefile');
    const versions = makefile.match(/^\w+_VERSION := v[\d.]+$/gm) ?? [];
    expect(versions).toHaveLength(2);
    for (const line of versions)
      expect(makefile).toMatch(new RegExp(`^# renovate: datasource=go depName=[\\w./]+\\n${line}$`, 'm'));
    expect(makefile).not.toMatch(/@v\d/);
    expect(JSON.parse(read('template.json')).variables.renovatePresets).toContain('customManagers:makefileVersions');
  });

  it('is the image while compose watches: main.go and migrations are in the program, besides internal', () => {
    for (const path of ['template.json', 'worker/template.json'])
      expect([path, JSON.parse(read(path)).variables.sourceFolder]).toEqual([path, '.']);
    expect(read('base/.dockerignore.hbs')).toMatch(/^\*$/m);
  });
});

describe('names of a package', () => {
  const there = asTree({
    'internal/features/a.go':
      'package features\n\ntype (\n\tPage struct{}\n)\n\nfunc (p Page) post() {}\n\nfunc init() {}\nvar _ = 1\n',
    'internal/other/b.go': 'package other\n\nconst Own = 1\n',
  });
  const added = (text: string) => asTree({ 'internal/features/new.go': text });

  it.each(['type Page struct{}', 'func Page() {}', 'var (\n\tOther = 1\n\tPage  = 2\n)'])(
    'are declared once: %s',
    (text) => {
      expect(GO_CODE.nameClash?.(there, added(`package features\n\n${text}\n`))).toBe(
        'internal/features/a.go declares Page already',
      );
    },
  );

  it('may be those of methods, of another folder and of a package of tests', () => {
    for (const text of ['func (o Own) Page() {}', 'func post() {}', 'const Own = 1', 'func init() {}', 'var _ = 2'])
      expect([text, GO_CODE.nameClash?.(there, added(`package features\n\n${text}\n`))]).toEqual([text, undefined]);
    expect(GO_CODE.nameClash?.(there, added('package features_test\n\ntype Page struct{}\n'))).toBeUndefined();
  });

  it('are told apart in two new files as well', () => {
    const two = asTree({ 'a/a.go': 'package a\nfunc F() {}\n', 'a/b.go': 'package a\nfunc F() {}\n' });
    expect(GO_CODE.nameClash?.(new Map(), two)).toBe('a/a.go declares F already');
  });
});

describe('go.mod and go.sum', () => {
  it('are read as Go reads them', () => {
    expect(parseModule(MODULE)).toEqual({
      path: 'service',
      required: [
        { path: 'example.com/direct', version: 'v1.2.0', isIndirect: false },
        { path: 'example.com/forked/v2', version: 'v2.0.0', isIndirect: false },
        { path: 'example.com/indirect', version: 'v0.3.0', isIndirect: true },
      ],
      replaced: new Map([['example.com/forked/v2@v2.0.0', { path: 'example.com/fork/v2', version: 'v2.1.0' }]]),
    });
    expect(parseModule('module "quoted"\n')?.path).toBe('quoted');
    for (const broken of ['', 'go 1.26\n', `<<<<<<< yours\n${MODULE}`, 'module x\nrequire example.com/a\n'])
      expect(parseModule(broken), broken).toBeUndefined();
  });

  it('fit where every module has its sums', async () => {
    expect(await check(MODULE, SUMS)).toEqual({ kind: 'fits', path: 'go.sum' });
    expect(await check(MODULE, undefined)).toEqual({ kind: 'unlocked' });
    expect(await check('module service\n', undefined)).toEqual({ kind: 'none' });
    expect(await check(undefined, SUMS)).toEqual({ kind: 'none' });
    expect(await check(`<<<<<<<\n${MODULE}`, SUMS)).toEqual({ kind: 'unreadable' });
  });

  it.each([
    ['the module itself', SUMS.slice(1), 'example.com/direct@v1.2.0 is missing'],
    ['its go.mod', SUMS.filter((line) => !line.includes('v0.3.0/go.mod')), 'example.com/indirect@v0.3.0 is missing'],
    ['nothing', [...SUMS, 'example.com/direct v1.1.0 h1:aaaa='], 'example.com/direct@v1.2.0: it has v1.1.0 too'],
    ['sense', ['>>>>>>> theirs', ...SUMS], 'it has a line that is no sum: >>>>>>> theirs'],
  ])('do not fit where %s is missing', async (_what, sums, reason) => {
    expect(await check(MODULE, sums)).toEqual({ kind: 'misfit', path: 'go.sum', reasons: [reason], isShared: false });
  });

  it('are brought in line from the sources, which say what is imported', async () => {
    const files = { 'go.mod': MODULE, 'go.sum': '', 'main.go': 'package main\n', 'a/b.go': 'package a\n' };
    const recipe = await GO_CODE.lock.refresh(
      reader({ ...files, 'README.md': '#', 'vendor/x/y.go': '' }),
      () => undefined,
    );
    expect(recipe).toMatchObject({ files, command: ['go', 'mod', 'tidy'] });
    const said = 'go: downloading example.com/a v1.0.0\ngo: example.com/a@v1.0.0: unknown revision\n';
    expect(recipe).not.toBeTypeOf('string');
    if (typeof recipe !== 'string') expect(recipe.reason(said)).toBe('example.com/a@v1.0.0: unknown revision');
    const local = `${MODULE}replace example.com/direct => ../direct\n`;
    const refused = await GO_CODE.lock.refresh(reader({ ...files, 'go.mod': local }), () => undefined);
    expect(refused).toBe('go.mod replaces a module by a folder');
    expect(await GO_CODE.lock.refresh(reader({ 'go.mod': MODULE }), () => undefined)).toMatch(/no source/);
  });
});

it('routes are found in files of features', () => {
  const source = `package features
var _ = platform.Feature(func(app *platform.App) {
	fields.Register(app, huma.Operation{
		Method: http.MethodPut, Path: "/products/{id}", Tags: tags,
	}, put)
	huma.Register(app, huma.Operation{Path: "/files/{rest...}", Method: "GET"}, get)
	huma.Post(app, "/slugs", post)
	mux.HandleFunc("GET /{$}", root)
})
`;
  const tree = asTree({
    'internal/features/products.go': source,
    'internal/features/products_test.go': source,
    'internal/platform/web/api.go': source,
  });
  const found = GO_CODE.findRoutes(tree).map(({ method, path, file }) => `${method} ${path} ${file}`);
  expect(found).toEqual(
    ['PUT /products/:id', 'GET /files/*', 'POST /slugs', 'GET /'].map(
      (route) => `${route} internal/features/products.go`,
    ),
  );
});

it('variables are found in files of internal/config', () => {
  const declared = (name: string) => `var X = env.Text(env.Spec{\n\tName: "${name}", Description: "Name: NOT"})\n`;
  const tree = asTree({
    'internal/config/stock.go': declared('STOCK_URL') + declared('STOCK_TIMEOUT_MS'),
    'internal/config/stock_test.go': declared('NO'),
    'internal/features/stock.go': declared('NO'),
  });
  expect(GO_CODE.findConcerns(tree)).toEqual([
    { name: 'stock', path: 'internal/config/stock.go', variables: ['STOCK_URL', 'STOCK_TIMEOUT_MS'] },
  ]);
});

it('a repository says its name', () => {
  const guess = (files: Readonly<Record<string, string>>) => GO_CODE.guess((path) => files[path] ?? '');
  expect(guess({ 'go.mod': 'module github.com/acme/orders/v2\n' })).toEqual({ name: 'orders', description: undefined });
  const main = 'const (\n\tName        = "orders"\n\tDescription = "All \\"orders\\""\n)\n';
  expect(guess({ 'go.mod': 'module service\n', 'main.go': main })).toEqual({
    name: 'orders',
    description: 'All "orders"',
  });
  expect(guess({})).toEqual({ name: undefined, description: undefined });
});

it.each([
  ['func', 'add-client', '"func" is a reserved word'],
  ['context', 'add-client', '"context" is taken'],
  ['payments', 'add-client', undefined],
  ['func', 'add-task', undefined],
])('the name %s for %s: %s', (name, generator, problem) => {
  expect(GO_CODE.nameProblem(name, generator)).toBe(problem);
});

it('what a file needs and a repository lacks is said', () => {
  const read = (files: Readonly<Record<string, string>>) => (path: string) => files[path] ?? '';
  const own = read({ 'go.mod': MODULE, Makefile: 'build:\n\tgo build .\n' });
  expect(GO_CODE.unmetNeeds('    steps:\n      - run: make build\n', own)).toEqual([]);
  expect(GO_CODE.unmetNeeds('    - make lint\n', own)).toEqual(['runs make lint, and the Makefile has no such target']);
  const source = (path: string) => `package a\n\nimport (\n\t"fmt"\n\n\tother "${path}"\n)\n`;
  expect(GO_CODE.unmetNeeds(source('example.com/direct/below'), own)).toEqual([]);
  expect(GO_CODE.unmetNeeds(source('example.com/no'), own)).toEqual([
    'imports example.com/no, which go.mod does not name',
  ]);
  expect(GO_CODE.unmetNeeds('RUN go build .\n', read({}))).toEqual(['runs go, and there is no go.mod']);
});

it('a go.work above the service that does not use it is a quarrel', () => {
  expect(isOutsideWorkspace('go 1.26\n\nuse (\n\t./a\n\t./services/orders // ours\n)\n', 'services/orders')).toBe(
    false,
  );
  expect(isOutsideWorkspace('use ./orders/\n', 'orders')).toBe(false);
  expect(isOutsideWorkspace('use ./a\n// use ./orders\n', 'orders')).toBe(true);
  expect(GO.places.quarrels?.map(({ file, above }) => [file, above])).toEqual([['go.mod', ['go.work']]]);
});

it('nobody chooses a package manager for Go', () => {
  expect(parseCreateAnswers({ name: 'orders', stack: 'go' })).not.toHaveProperty('packageManager');
  expect(parseCreateAnswers({ name: 'orders' })).toMatchObject({ packageManager: 'npm' });
  expect(() => parseCreateAnswers({ name: 'orders', stack: 'go', packageManager: 'npm' })).toThrow(
    expect.objectContaining({
      code: 'INPUT_INVALID',
      message: '--package-manager is not for a service in Go, which has no choice of package managers',
    }),
  );
});

describe('what Go and its tools run unasked', () => {
  const found = async (rules: typeof GO_CODE.unasked, path: string, text = '') =>
    (await findUnasked(rules, asTree({ [path]: text }))).map(({ key, value }) =>
      key === undefined ? '*' : `${key} ${value}`,
    );

  it.each([
    ['go.work', 'go 1.26\n', ['*']],
    ['vendor/example.com/a/a.go', 'package a\n', ['*']],
    ['go.mod', 'module service\n\ntoolchain go1.26.8\n', []],
    ['go.mod', 'module service\n\ntoolchain go1.26-evil\n', ['toolchain go1.26-evil']],
    ['go.mod', 'module x\nreplace example.com/a => ../a\n', ['replace example.com/a a folder']],
    ['go.mod', 'module x\nreplace a.b/c v1.0.0 => d.e/f v1.0.1\n', ['replace a.b/c@v1.0.0 d.e/f@v1.0.1']],
    ['.golangci.yml', 'linters: {}\n', []],
    ['main.go', 'package main\n', []],
  ])('%s %j: %j', async (path, text, expected) => {
    expect(await found(GO_CODE.unasked, path, text)).toEqual(expected);
  });

  it('is told from what a person starts', async () => {
    const tools = 'module x\n\ntool (\n\ta.b/c/cmd/d // why\n\te.f/g\n)\n\ntool h.i/j\n';
    expect(await found(GO_CODE.startedKeys, 'go.mod', tools)).toEqual(['tool h.i/j', 'tool a.b/c/cmd/d', 'tool e.f/g']);
    const generate = 'package a\n\n//go:generate sh -c "true"\n';
    expect(await found(GO_CODE.startedKeys, 'a.go', generate)).toEqual(['go:generate sh -c "true"']);
  });
});
