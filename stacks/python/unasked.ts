import type { DottedData, UnaskedKey, UnaskedRule } from '../../engine/core/preset/unasked.ts';

/** Settings of uv that name no program, no file and no other machine. */
const UV_SETTINGS = /^tool\.uv(\.pip)?\.(package|universal|generate-hashes|no-annotate|no-header|exclude-newer)$/;

/** Plugins of mypy that come with a package: others may be a file beside them. */
const MYPY_PLUGINS = /^\[\s*(["']pydantic\.mypy["'],?\s*)?\]$|^["']pydantic\.mypy["']$/;

/** What Python, its installers and its tools run unasked, beyond what every language has. */
export const UNASKED: readonly (UnaskedRule | DottedData)[] = [
  { data: /^\.(python-version|ruff\.toml|coveragerc)$/ },
  { paths: /(^|\/)(sitecustomize|usercustomize)\.py$|\.pth$/, by: 'Python runs it at every start' },
  { paths: /(^|\/)\.?venv\//, by: 'Python and make run it instead of what they would install' },
  { paths: /(^|\/)setup\.(py|cfg)$/, by: 'pip and uv run it when they install the folder' },
  { paths: /(^|\/)(uv\.toml|pip\.conf)$/, by: 'uv and pip take machines and programs from it at an install' },
  {
    paths: /(^|\/)pyproject\.toml$/,
    by: 'an installer or the editor runs it, or takes packages from where it says',
    keys: async (text) =>
      tomlKeys(text).filter(
        ({ key, value }) =>
          /^build-system\./.test(key) ||
          (/^tool\.uv\./.test(key) && !UV_SETTINGS.test(key)) ||
          (key === 'tool.mypy.plugins' && !MYPY_PLUGINS.test(value)),
      ),
  },
  {
    paths: /(^|\/)mypy\.ini$/,
    by: 'the editor loads it when the folder is opened',
    keys: async (text) => tomlKeys(text).filter(({ key }) => /(^|\.)plugins$/.test(key)),
  },
  {
    paths: /(^|\/)requirements[^/]*\.txt$/,
    by: 'an installer takes packages from there, or runs what builds them',
    keys: async (text) =>
      text
        .replace(/\\\r?\n/g, ' ')
        .split(/\r?\n/)
        .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
        .filter((line) => /^-/.test(line) || /^[^;]*(\s@\s|:\/\/)/.test(line) || /^[./]/.test(line))
        .map((line) => ({ key: line.split(/[\s=]/)[0] ?? line, value: line })),
  },
];

/** What a person starts by name, and what pytest runs with the tests. */
export const STARTED_KEYS: readonly UnaskedRule[] = [
  {
    paths: /(^|\/)pyproject\.toml$/,
    by: 'a person starts it by its name, or with the tests',
    keys: async (text) =>
      tomlKeys(text).filter(({ key }) =>
        /^project\.(gui-)?scripts\.|^tool\.pytest\.ini_options\.(addopts|pythonpath)$/.test(key),
      ),
  },
];

/** The keys of a TOML or INI file, with their tables, and their values as they are written. */
function tomlKeys(text: string): UnaskedKey[] {
  const found: UnaskedKey[] = [];
  let table = '';
  let open: { key: string; value: string } | undefined;
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    if (open !== undefined) {
      open.value += ` ${line}`;
      if (isClosed(open.value)) open = undefined;
      continue;
    }
    const [, head] = /^\[+\s*([^[\]]+?)\s*\]+/.exec(line) ?? [];
    if (head !== undefined) {
      table = plain(head);
      // A table without keys may be filled by others.
      continue;
    }
    const [, key, value] = /^([\w.-]+|"[^"]*"|'[^']*')\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    const entry = { key: [table, plain(key)].filter((part) => part !== '').join('.'), value };
    found.push(entry);
    if (!isClosed(value)) open = entry;
  }
  return found;
}

/** `tool . "uv"` and `tool.uv` are one name. */
function plain(name: string): string {
  return name.replace(/["'\s]/g, '');
}

/** Whether a list or table that a value opens is closed in it. */
function isClosed(value: string): boolean {
  const bare = value.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');
  return (bare.match(/[[{]/g)?.length ?? 0) <= (bare.match(/[\]}]/g)?.length ?? 0);
}
