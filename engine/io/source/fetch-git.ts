import type { UserError } from '../../core/errors.ts';
import { SOURCE_LIMITS } from '../../core/preset/source-limits.ts';
import { formatSourceSpec, type SourceSpec } from '../../core/preset/source-spec.ts';
import { templateError } from '../../core/template/template.ts';
import type { Tree } from '../../core/tree.ts';
import { parseBatch, parseListing } from '../git/git-objects.ts';
import { runTool, type ToolEnd, type ToolRun } from '../run-tool.ts';
import { withTemporaryFolder } from '../temporary.ts';
import { changedError, sourceError } from './source-error.ts';

type GitSpec = SourceSpec & { kind: 'git' };
type Git = (args: readonly string[], options?: { input?: string; maxBytes?: number }) => Promise<ToolEnd>;

const CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'fetch.fsckObjects=true',
  'fetch.writeCommitGraph=false',
  'maintenance.auto=false',
  'gc.auto=0',
  'http.lowSpeedLimit=100',
  'http.lowSpeedTime=20',
].flatMap((setting) => ['-c', setting]);

/**
 * Fetches one commit with the user's own git, and so with the user's ssh keys and credential helpers. The repository is
 * temporary. There is no checkout, so no hook, filter or submodule of the source runs.
 * @param pinned the expected commit, for a server that gives tags and branches only
 * @throws {UserError} SOURCE_..., TEMPLATE_..., NOT_POSSIBLE
 */
export function fetchGit(
  spec: GitSpec,
  tool: Omit<ToolRun, 'source'>,
  pinned?: string,
): Promise<{ files: Tree; resolved: string }> {
  const source = formatSourceSpec(spec);
  return withTemporaryFolder(async (cwd) => {
    const run = { ...tool, source, cwd };
    const env = await quietEnvironment(spec, run);
    const git: Git = (args, options) => runTool('git', [...CONFIG, ...args], { ...run, env }, options);
    const must: Git = async (args, options) => {
      const ended = await git(args, options);
      if (ended.status !== 0) throw gitError(source, ended);
      return ended;
    };
    await must(['init', '--quiet', '--bare', '--template=', '--object-format=sha1']);
    const ref = spec.ref === '' ? 'HEAD' : spec.ref;
    await must(['fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--', spec.url, ref]);
    const { stdout } = await must(['rev-parse', '--verify', '--quiet', 'FETCH_HEAD^{commit}']);
    const commit = stdout.toString('latin1').trim();
    if (pinned !== undefined && commit !== pinned) throw changedError(source, pinned, commit);
    const listing = await must(['ls-tree', '-r', '-z', '--long', '--full-tree', commit], { maxBytes: 4 * 1024 * 1024 });
    const files = parseListing(listing.stdout);
    const input = files.map(({ object }) => `${object}\n`).join('');
    const { stdout: bytes } = await must(['cat-file', '--batch'], { input, maxBytes: 2 * SOURCE_LIMITS.totalBytes });
    return { files: parseBatch(files, bytes), resolved: formatSourceSpec({ ...spec, ref: commit }) };
  });
}

/**
 * The names of all tags of a repository.
 * @throws {UserError} as {@link fetchGit}
 */
export function listTags(spec: GitSpec, tool: Omit<ToolRun, 'source'>): Promise<string[]> {
  const source = formatSourceSpec(spec);
  return withTemporaryFolder(async (cwd) => {
    const run = { ...tool, source, cwd };
    const env = await quietEnvironment(spec, run);
    const ended = await runTool('git', [...CONFIG, 'ls-remote', '--tags', '--refs', '--', spec.url], { ...run, env });
    if (ended.status !== 0) throw gitError(source, ended);
    const lines = ended.stdout.toString('utf8').split('\n');
    return lines.flatMap((line) => /\trefs\/tags\/(.+)$/.exec(line)?.[1] ?? []);
  });
}

/** The user's environment, in which neither git nor ssh asks questions, and only the requested protocol is allowed. */
async function quietEnvironment({ url }: GitSpec, run: ToolRun): Promise<NodeJS.ProcessEnv> {
  const { stdout } = await runTool('git', ['config', '--get', 'core.sshCommand'], run);
  const hasOwnSsh = run.env.GIT_SSH_COMMAND || run.env.GIT_SSH || stdout.length > 0;
  return {
    ...run.env,
    ...(hasOwnSsh ? {} : { GIT_SSH_COMMAND: 'ssh -oBatchMode=yes' }),
    // This overrides the user's protocol.* settings. It also holds for redirects and url.*.insteadOf.
    GIT_ALLOW_PROTOCOL: url.startsWith('http:') ? 'http' : 'https:ssh',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    LC_ALL: 'C',
  };
}

const DENIED =
  /Authentication failed|could not read (Username|Password)|Permission denied|Host key verification failed|returned error: 40[13]|Access denied/i;
const NOT_FOUND =
  /couldn't find remote ref|not our ref|unadvertised object|returned error: 404|repository .*not found|does not appear to be a git repository/i;

function gitError(source: string, { status, stderr }: ToolEnd): UserError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('remote:'));
  const own = lines.join('\n');
  const reason =
    lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0] ?? `git ended with exit code ${status}`;
  if (/fsck error|fsckObjects|bad object/i.test(own))
    return templateError('TEMPLATE_UNSAFE', source, 'has objects that git refuses');
  if (DENIED.test(own)) return sourceError('SOURCE_DENIED', source, reason);
  return sourceError(NOT_FOUND.test(own) ? 'SOURCE_NOT_FOUND' : 'SOURCE_UNREACHABLE', source, reason);
}
