import { describe, expect, it } from 'vitest';
import { findUnasked } from '../../engine/core/preset/unasked.ts';
import type { Tree } from '../../engine/core/tree.ts';
import { PYTHON_CODE } from '../../stacks/python/code.ts';
import { PYTHON } from '../../stacks/python/index.ts';

const asTree = (files: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path as never, { content: Buffer.from(text), mode: 0o644 }]));

it('routes are found in modules of features', () => {
  const source = `router = Router(tags=["products"])
files = Router(prefix="/files", tags=["files"])


@router.put(
    "/products/{id}",
    summary="Replace",
)
async def put() -> None: ...

@files.get("/{rest:path}")
async def rest() -> None: ...

@files.post("", status_code=201)
async def post() -> None: ...

@router.get('/a/{b:int}.json')
async def get() -> None: ...
`;
  const tree = asTree({
    'src/service/features/products.py': source,
    'tests/test_products.py': source,
    'src/service/platform/routes.py': source,
  });
  const found = PYTHON_CODE.findRoutes(tree).map(({ method, path, file }) => `${method} ${path} ${file}`);
  expect(found).toEqual(
    ['PUT /products/:id', 'GET /files/*', 'POST /files', 'GET /a/:b.json'].map(
      (route) => `${route} src/service/features/products.py`,
    ),
  );
});

it('variables are found in modules of src/service/config', () => {
  const declared = `def _usable(url: str) -> str:
    said: str = url
    return said


class Stock(Concern):
    stock_url: Url = Field(description="Where it is.")

    stock_timeout_ms: Millis = Field(
        default=1,
        description="limit: not a variable",
    )
`;
  const tree = asTree({
    'src/service/config/flag_stock.py': declared,
    'src/service/config/__init__.py': declared,
    'src/service/features/stock.py': declared,
  });
  expect(PYTHON_CODE.findConcerns(tree)).toEqual([
    { name: 'flag-stock', path: 'src/service/config/flag_stock.py', variables: ['STOCK_URL', 'STOCK_TIMEOUT_MS'] },
  ]);
});

it('a repository says its name', () => {
  const guess = (text: string) => PYTHON_CODE.guess((path) => (path === 'pyproject.toml' ? text : ''));
  const project = `[project]
name = "orders"
description = 'All "orders"'
license = "MIT"
authors = [{ email = "a@example.com", name = "A \\"B\\" C" }]

[tool.x]
name = "other"
`;
  expect(guess(project)).toEqual({ name: 'orders', description: 'All "orders"', license: 'MIT', author: 'A "B" C' });
  expect(guess('[tool.x]\nname = "other"\n')).toMatchObject({ name: undefined });
});

it.each([
  ['class', 'add-client', '"class" is a reserved word'],
  ['import', 'add-endpoint', '"import" is a reserved word'],
  ['class', 'add-resource', undefined],
  ['payments', 'add-client', undefined],
])('the name %s for %s: %s', (name, generator, problem) => {
  expect(PYTHON_CODE.nameProblem(name, generator)).toBe(problem);
});

it('the module of an endpoint can be imported', () => {
  expect(PYTHON.places.written('endpoint', 'orders-by-id-get')).toBe('src/service/features/orders_by_id_get.py');
  expect(PYTHON.places.written('endpoint', '2026-get')).toBe('src/service/features/at_2026_get.py');
});

it('what a file needs and a repository lacks is said', () => {
  const manifest = '[project]\nname = "a"\ndependencies = ["fastapi>=1", "psycopg[binary,pool]>=3"]\n';
  const files: Readonly<Record<string, string>> = { 'pyproject.toml': manifest, Makefile: 'test:\n\tpytest\n' };
  const read = (path: string) => files[path] ?? '';
  expect(PYTHON_CODE.unmetNeeds('    steps:\n      - run: make test\n', read)).toEqual([]);
  expect(PYTHON_CODE.unmetNeeds('    - make lint\n', read)).toEqual([
    'runs make lint, and the Makefile has no such target',
  ]);
  expect(PYTHON_CODE.unmetNeeds('COPY requirements.txt .\nRUN pip install -r requirements.txt\n', read)).toEqual([
    'names requirements.txt, and there is none',
  ]);
  const source = 'import json\nfrom fastapi import Query\nfrom psycopg_pool import X\nfrom service.app import y\n';
  expect(PYTHON_CODE.unmetNeeds(source, read)).toEqual([]);
  expect(PYTHON_CODE.unmetNeeds('import httpx\n', read)).toEqual(['imports httpx, which pyproject.toml does not name']);
});

it('what is added has names of its kind', () => {
  expect(PYTHON_CODE.additionNames({ name: 'url-shortener', urlEnv: 'SHORT_URL' })).toEqual({
    module: 'url_shortener',
    className: 'UrlShortener',
    constantName: 'URL_SHORTENER',
    urlField: 'short_url',
  });
  const classes = ['a-1b', 'a1b', 'a-b', 'ab'].map((name) => PYTHON_CODE.additionNames({ name }).className);
  expect(classes).toEqual(['A_1b', 'A1b', 'AB', 'Ab']);
  expect(PYTHON_CODE.flagCall('type')).toBe('TYPE.is_on(app, user_id)');
});

describe('what Python and its tools run unasked', () => {
  const found = async (rules: typeof PYTHON_CODE.unasked, path: string, text = '') =>
    (await findUnasked(rules, asTree({ [path]: text }))).map(({ key, value }) =>
      key === undefined ? '*' : `${key} ${value}`,
    );

  it.each([
    ['src/sitecustomize.py', '', ['*']],
    ['src/a.pth', 'import os\n', ['*']],
    ['.venv/bin/python', '', ['*']],
    ['setup.py', '', ['*']],
    ['uv.toml', '', ['*']],
    ['.python-version', '3.13\n', []],
    [
      'pyproject.toml',
      '[project]\nname = "a"\n[tool.uv]\npackage = false\n[tool.mypy]\nplugins = ["pydantic.mypy"]\n',
      [],
    ],
    ['pyproject.toml', '[build-system]\nbuild-backend = "x"\n', ['build-system.build-backend "x"']],
    ['pyproject.toml', '[tool.uv]\nindex-url = "https://a"\n', ['tool.uv.index-url "https://a"']],
    ['pyproject.toml', '[[tool.uv.index]]\nurl = "https://a"\n', ['tool.uv.index.url "https://a"']],
    ['pyproject.toml', '[tool."uv".sources]\na = { path = "x" }\n', ['tool.uv.sources.a { path = "x" }']],
    ['pyproject.toml', '[tool.mypy]\nplugins = [\n  "a.py",\n]\n', ['tool.mypy.plugins [ "a.py", ]']],
    ['pyproject.toml', 'tool.mypy.plugins = "a.py"\n', ['tool.mypy.plugins "a.py"']],
    ['mypy.ini', '[mypy]\nplugins = a.py\n', ['mypy.plugins a.py']],
    ['requirements.txt', 'a==1 \\\n    --hash=sha256:00\n# --no-binary\n', []],
    ['requirements.txt', '--index-url https://a\n', ['--index-url --index-url https://a']],
    ['requirements-dev.txt', 'a @ https://b/c.tar.gz\n', ['a a @ https://b/c.tar.gz']],
    ['src/service/features/a.py', '', []],
  ])('%s %j: %j', async (path, text, expected) => {
    expect(await found(PYTHON_CODE.unasked, path, text)).toEqual(expected);
  });

  it('is told from what a person starts', async () => {
    const text = '[project.scripts]\nrun = "a:b"\n[tool.pytest.ini_options]\naddopts = ["-p", "x"]\n';
    expect(await found(PYTHON_CODE.startedKeys, 'pyproject.toml', text)).toEqual([
      'project.scripts.run "a:b"',
      'tool.pytest.ini_options.addopts ["-p", "x"]',
    ]);
  });
});
