import type { Tree } from '../tree.ts';
import { type DottedData, jsonKeys, type Unasked, type UnaskedRule } from './unasked.ts';

/** Settings of VS Code that only change what is seen. Any other may name a program. */
const HARMLESS_SETTING =
  /^(editor|files|search|explorer|workbench|diffEditor|problems|breadcrumbs|outline|html|css|json|yaml|markdown|(java|type)script\.(preferences|format|suggest|inlayHints))\./;

/** `[markdown]`: the settings inside it count for files of that language. */
const FOR_A_LANGUAGE = /^(\[[\w-]+\])+$/;

/** Keys of a devcontainer that run on the machine itself, or give a container the machine. */
const DEVCONTAINER_KEYS = new Set(
  'initializeCommand mounts runArgs workspaceMount privileged capAdd securityOpt'.split(' '),
);

/** What is read as data only. Of the files of editors and containers, the rules below refuse the keys that run something. */
const DOTTED_DATA: readonly RegExp[] = [
  /^\.(gitignore|gitattributes|gitkeep|keep|mailmap|git-blame-ignore-revs|gitleaks\.toml|gitleaksignore|ds_store)$/,
  /^\.(docker|helm|cursor|ai|eslint|prettier|rg|trivy)?ignore$/,
  /^\.(editorconfig|env\.(example|sample|template)|tool-versions|(go|java|python|ruby|terraform)-version)$/,
  /^\.(hadolint|yamllint|markdownlint|codecov)(\.(ya?ml|json))?$|^\.(shellcheckrc|renovaterc(\.json5?)?|snyk)$/,
  /^\.github\/(workflows|actions|scripts|issue_template|discussion_template|pull_request_template|codeql)\/.+$/,
  /^\.github\/(codeowners|[^/]+\.md|instructions\/.+\.md|renovate\.json5?)$/,
  /^\.github\/(dependabot|funding|labeler|labels|release|release-drafter|stale|settings|actionlint|codecov)\.ya?ml$/,
  /^\.gitlab-ci\.yml$|^\.gitlab\/([^/]+|(ci|scripts|agents|issue_templates|merge_request_templates)\/.+)$/,
  /^\.(ci|circleci|buildkite|woodpecker|azure-pipelines)\/.+$|^\.(gitea|forgejo)\/workflows\/.+$/,
  /^\.(travis|drone|woodpecker)\.yml$/,
  /^\.vscode\/(settings|extensions|tasks|launch)\.json$|^\.vscode\/[^/]+\.code-snippets$/,
  /^\.devcontainer\/.+$|^\.devcontainer\.json$/,
  /^\.(cursor|windsurf|cline)rules$|^\.clinerules\/[^/]+\.md$|^\.junie\/guidelines\.md$/,
  /^\.twelve(\.json|\/.+)$|^\.well-known\/.+$/,
];

/**
 * What tools run unasked, whatever language a service has. What only one language has is in its stack (`unasked`).
 *
 * Not here, since it runs only where a person starts it or where it is reviewed first: sources, scripts and Makefiles; a
 * Dockerfile and a compose file; workflows and pipelines, which a preset is for. `BROUGHT` lists the last of these.
 */
export const UNASKED_FILES: readonly (UnaskedRule | DottedData)[] = [
  ...DOTTED_DATA.map((data) => ({ data })),
  {
    paths: /(^|\/)(\.husky|\.githooks|\.git-hooks|\.lefthook)\//,
    by: 'git runs it at a commit, once hooks are set up',
  },
  {
    paths: /(^|\/)(\.?lefthook(-local)?\.(ya?ml|json|toml)|\.pre-commit-config\.ya?ml|\.overcommit\.yml)$/,
    by: 'git runs what it names at a commit',
  },
  { paths: /(^|\/)\.gitmodules$/, by: 'git fetches other code with it' },
  { paths: /(^|\/)(\.envrc|\.env|\.autoenv(\.zsh)?)$/, by: 'a shell runs it when somebody enters the folder' },
  {
    paths: /(^|\/)(\.?(mise|rtx)(\.[\w-]+)*\.toml|\.?mise\/.+|\.config\/mise(\.toml|\/.+))$/,
    by: 'mise runs its hooks when somebody enters the folder',
  },
  {
    paths: /(^|\/)\.vscode\/tasks\.json$/,
    by: 'the editor runs the task when the folder is opened',
    keys: jsonKeys((path, value) => path.at(-1) === 'runOn' && value !== 'default'),
  },
  {
    paths: /(^|\/)\.vscode\/settings\.json$/,
    by: 'the editor or its extensions may run what it names when the folder is opened',
    keys: jsonKeys((path) => {
      const setting = path.find((name) => !FOR_A_LANGUAGE.test(name));
      return setting !== undefined && !HARMLESS_SETTING.test(setting);
    }),
  },
  {
    paths: /(^|\/)(\.vscode\/mcp\.json|\.mcp\.json|opencode\.jsonc?|\.?crush\.json|[^/]+\.code-workspace)$/,
    by: 'the editor runs what it names when the folder is opened',
  },
  {
    paths: /(^|\/)(\.idea|\.vs|\.fleet|\.helix|\.zed)\//,
    except: /(^|\/)\.idea\/(codestyles\/[^/]+\.xml|inspectionprofiles\/[^/]+\.xml|\.gitignore)$/,
    by: 'the editor may run what it names when the folder is opened',
  },
  {
    paths: /(^|\/)(\.exrc|\.nvimrc|\.nvim\.lua|\.vimrc|\.lvimrc|\.dir-locals(-2)?\.el|[^/]+\.sublime-project)$/,
    by: 'the editor may run it when a file of the folder is opened',
  },
  {
    paths: /(^|\/)(\.devcontainer(\/.*)?\/devcontainer\.json|\.devcontainer\.json)$/,
    by: 'the editor runs it on the machine itself, or gives the container the machine',
    keys: jsonKeys(([name = '']) => DEVCONTAINER_KEYS.has(name)),
  },
  {
    paths: /(^|\/)\.(claude|cursor|gemini|codex|continue|windsurf|opencode|roo|kiro|amazonq)\//,
    except: /(^|\/)\.(claude|cursor|windsurf|roo)\/(rules\/[^/]+\.(md|mdc)|claude\.md)$/,
    by: 'an assistant may run its hooks, servers and commands',
  },
  { paths: /(^|\/)\.aider\.conf\.ya?ml$/, by: 'an assistant may run what it names' },
  {
    paths:
      /(^|\/)(((build|settings)\.gradle(\.kts)?)|build\.(rs|sbt)|cmakelists\.txt|gemfile|mix\.exs|directory\.build\.(props|targets)|[^/]+\.(cs|fs|vb)proj)$/,
    by: 'extensions of an editor evaluate it when the folder is opened',
  },
  { paths: /(^|\/)desktop\.ini$/, by: 'Windows follows it when the folder is looked at' },
];

/** Keys that run something once a person starts it, whatever language a service has. */
export const STARTED_KEYS: readonly UnaskedRule[] = [
  {
    paths: /(^|\/)\.?devcontainer\.json$/,
    by: 'the container runs it when a person starts it',
    keys: jsonKeys(([name = '', ...deeper]) => deeper.length === 0 && name.endsWith('Command')),
  },
];

const COMPOSE = /(^|\/)(docker-)?compose[^/]*\.ya?ml$/i;

/** What gives a container more than itself: all rights, the engine, or a folder of the machine. */
const REACHES_OUT =
  /^\s*privileged:\s*["']?true|docker\.sock|^\s*(-\s*|source:\s*)["']?[/~]|\b(pid|network_mode|ipc):\s*["']?host/m;

/** What a preset is for, and what runs all the same, elsewhere or once a person starts it: it is named, not refused. */
const BROUGHT: readonly { readonly paths: RegExp; readonly what: string }[] = [
  {
    paths:
      /^(\.github\/(workflows|actions)\/|\.gitlab-ci\.yml$|\.gitlab\/|\.(circleci|buildkite|woodpecker)\/|\.(travis|drone)\.yml$|(azure|bitbucket)-pipelines\.yml$|Jenkinsfile)/i,
    what: 'pipelines',
  },
  { paths: /(^|\/)(Dockerfile|Containerfile)(\.[\w-]+)?$/i, what: 'images' },
  { paths: COMPOSE, what: 'containers' },
  { paths: /(^|\/)\.npmrc$/i, what: 'where packages come from' },
  { paths: /(^|\/)((GNU)?Makefile|justfile|Taskfile\.ya?ml)$|\.(sh|bash|ps1|bat|cmd)$/i, what: 'scripts' },
  {
    paths:
      /(^|\/)(AGENTS|CLAUDE|GEMINI)\.md$|(^|\/)\.(cursor|windsurf|cline)rules|copilot-instructions\.md$|(^|\/)(\.github\/instructions|\.\w+\/rules)\//i,
    what: 'text for assistants',
  },
];

/**
 * What of these files runs elsewhere or later, grouped.
 * @param keys what {@link STARTED_KEYS} and those of the language find in them
 * @returns `pipelines (.github/workflows/x.yml), images (Dockerfile)`; empty if there is nothing
 */
export function describeBrought(files: Tree, keys: readonly Unasked[] = []): string {
  const said = BROUGHT.flatMap(({ paths, what }) => {
    const found = [...files.keys()].filter((path) => paths.test(path)).sort();
    if (found.length === 0) return [];
    const more = found.length > 3 ? ` and ${found.length - 3} more` : '';
    return [`${what} (${found.slice(0, 3).join(', ')}${more})`];
  });
  const reaching = [...files].flatMap(([path, { content }]) =>
    COMPOSE.test(path) && REACHES_OUT.test(Buffer.from(content).toString('utf8')) ? [path] : [],
  );
  const warning = reaching.length > 0 ? [`containers that reach the machine itself (${reaching.join(', ')})`] : [];
  const commands = [...new Set(keys.map(({ path }) => path))].map((path) => {
    const names = keys.flatMap((one) => (one.path === path ? (one.key ?? []) : []));
    return `commands in ${path}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
  });
  return [...said, ...commands, ...warning].join(', ');
}
