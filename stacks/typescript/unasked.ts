import { INSTALL_SCRIPTS } from '../../engine/core/preset/install-scripts.ts';
import { type DottedData, jsonKeys, type UnaskedKey, type UnaskedRule } from '../../engine/core/preset/unasked.ts';

/** A package manager by its version. One by its URL is downloaded and run by corepack. */
const PACKAGE_MANAGER = /^(npm|pnpm|yarn|bun)@\d+\.\d+\.\d+(-[\w.]+)?(\+sha\d+\.[\da-f]+)?$/;

/**
 * Keys of package.json that let packages run scripts, that tools install as hooks of git, or that name plugins for what an editor
 * runs.
 */
const PACKAGE_KEYS = new Set(
  (
    'allowScripts trustedDependencies dependenciesMeta pnpm husky simple-git-hooks gitHooks pre-commit pre-push ' +
    'eslintConfig prettier stylelint babel jest'
  ).split(' '),
);

/**
 * Settings of npm that name no program, no file and no other machine but a registry: what a lockfile has is checked by
 * its hash, wherever it comes from. npm gets new settings, so whatever is not here is refused.
 */
const NPM_SETTINGS = new Set(
  (
    'access audit audit-level engine-strict fund include install-links install-strategy legacy-peer-deps loglevel ' +
    'min-release-age offline omit omit-lockfile-registry-resolved package-lock prefer-dedupe prefer-offline prefer-online ' +
    'progress provenance registry save save-exact save-prefix strict-peer-deps update-notifier ' +
    'auto-install-peers node-linker shamefully-hoist strict-peer-dependencies'
  ).split(' '),
);
const SCOPE_REGISTRY = /^@[a-z0-9][a-z0-9._-]*:registry$/;

/** `${NAME}` would send a variable of the person's environment to a registry. */
const VARIABLE = /\$\{/;

async function npmSettings(text: string): Promise<readonly UnaskedKey[]> {
  return text.split(/[\r\n]+/).flatMap((line): UnaskedKey[] => {
    const said = line.trim();
    if (said === '' || said.startsWith(';') || said.startsWith('#')) return [];
    const [, key = said, value = 'true'] = /^([^=]*?)\s*=\s*(.*)$/.exec(said) ?? [];
    const isFine =
      !VARIABLE.test(said) &&
      (NPM_SETTINGS.has(key) || SCOPE_REGISTRY.test(key) || (key === 'ignore-scripts' && value === 'true'));
    return isFine ? [] : [{ key, value }];
  });
}

/** What npm, other package managers, Node and their tools run unasked. */
export const UNASKED: readonly (UnaskedRule | DottedData)[] = [
  { data: /^\.(npmrc|npmignore|nvmrc|node-version)$/ },
  {
    paths: /(^|\/)package\.json$/,
    by: 'a package manager runs it at an install, or lets others run',
    keys: jsonKeys(
      ([first = '', second = '', ...deeper], value) =>
        (first === 'scripts' && deeper.length === 0 && INSTALL_SCRIPTS.includes(second)) ||
        (second === '' && PACKAGE_KEYS.has(first)) ||
        (second === '' && first === 'packageManager' && !PACKAGE_MANAGER.test(String(value))),
    ),
  },
  {
    paths: /(^|\/)\.npmrc$/,
    by: 'npm takes programs, files, machines and secrets from it at an install',
    keys: npmSettings,
  },
  { paths: /(^|\/)binding\.gyp$/, by: 'npm builds it at an install' },
  {
    paths: /(^|\/)(\.yarnrc(\.yml)?|\.yarn\/.*|\.pnpmfile\.[cm]?js|pnpm-workspace\.yaml|bunfig\.toml)$/,
    by: 'a package manager runs what it names',
  },
  { paths: /(^|\/)node_modules\//, by: 'npx and npm run it instead of what they would install' },
  {
    paths: /(^|\/)[tj]sconfig[^/]*\.json$/,
    by: 'the editor loads it when the folder is opened',
    keys: jsonKeys(([first, second]) => first === 'compilerOptions' && second === 'plugins'),
  },
  {
    paths:
      /(^|\/)((eslint|prettier|vitest|vite|jest|stylelint|babel|svelte|astro)\.(config|workspace)\.[cm]?[jt]s|\.(eslint|prettier|stylelint|babel)rc(\.\w+)?)$/,
    by: 'extensions of an editor run it, or plugins that it names, when the folder is opened',
  },
];

/** What npm and its tools run once a person starts a script or makes a commit. */
export const STARTED_KEYS: readonly UnaskedRule[] = [
  {
    paths: /(^|\/)package\.json$/,
    by: 'npm runs it when a person starts a script',
    keys: jsonKeys(
      ([first, ...deeper]) =>
        (first === 'scripts' && deeper.length === 1) || (first === 'lint-staged' && deeper.length === 0),
    ),
  },
];
