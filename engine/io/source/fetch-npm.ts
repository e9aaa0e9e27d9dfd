import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { SOURCE_LIMITS } from '../../core/preset/source-limits.ts';
import { formatSourceSpec, parseSourceSpec, type SourceSpec } from '../../core/preset/source-spec.ts';
import { templateError } from '../../core/template/template.ts';
import { tooYoungIn } from '../../core/too-young.ts';
import type { Tree } from '../../core/tree.ts';
import { fs } from '../disk.ts';
import { runTool, type ToolEnd, type ToolRun } from '../run-tool.ts';
import { withTemporaryFolder } from '../temporary.ts';
import { brokenTarball, readTarball } from './read-tarball.ts';
import { sourceError } from './source-error.ts';

/** Flags on the command line override any `.npmrc` and the variables of an npm that runs this program. */
const FLAGS = [
  '--json',
  '--loglevel=error',
  '--ignore-scripts',
  '--dry-run=false',
  '--offline=false',
  '--update-notifier=false',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=500',
];

/**
 * Downloads a package with the user's own npm, because its `.npmrc` knows registries and tokens. npm chooses the same
 * version as `npm install` would. No code of the package runs.
 * @param isInUse whether a manifest records this version: as for a lockfile, npm's settings about the age of versions do not hold
 * @throws {UserError} SOURCE_..., TEMPLATE_..., NOT_POSSIBLE
 */
export function fetchNpm(
  spec: SourceSpec & { kind: 'npm' },
  tool: Omit<ToolRun, 'source'>,
  isInUse: boolean,
): Promise<{ files: Tree; resolved: string }> {
  const source = formatSourceSpec(spec);
  return withTemporaryFolder(async (folder) => {
    const wanted = source.slice('npm:'.length);
    // npm silently uses its own cache when the registry is down. An empty cache prevents that.
    const age = isInUse ? [ANY_AGE] : [];
    const args = [
      'pack',
      ...FLAGS,
      ...age,
      `--cache=${join(folder, 'cache')}`,
      `--pack-destination=${folder}`,
      '--',
      wanted,
    ];
    const ended = await runTool('npm', args, { ...tool, source });
    if (ended.status !== 0) throw (await tooYoung(ended, { ...tool, source })) ?? npmError(source, ended);
    const tarball = fs.readdirSync(folder).find((name) => name.endsWith('.tgz'));
    if (tarball === undefined) throw sourceError('SOURCE_NOT_FOUND', source, 'npm wrote no package');
    const file = join(folder, tarball);
    if (fs.lstatSync(file).size > SOURCE_LIMITS.totalBytes)
      throw templateError('TEMPLATE_UNSAFE', source, `is larger than ${SOURCE_LIMITS.totalBytes} bytes`);
    const version = packedVersion(ended.stdout.toString('utf8'));
    const resolved = formatSourceSpec(parseSourceSpec(`npm:${spec.name}@${version}`));
    return { files: await readTarball(file, source), resolved };
  });
}

/**
 * The version of a package that has the tag `latest`.
 * @throws {UserError} as {@link fetchNpm}
 */
export function latestVersion(spec: SourceSpec & { kind: 'npm' }, tool: Omit<ToolRun, 'source'>): Promise<string> {
  const source = formatSourceSpec(spec);
  return withTemporaryFolder(async (folder) => {
    const args = ['view', ...FLAGS, `--cache=${join(folder, 'cache')}`, '--', spec.name, 'dist-tags.latest'];
    const ended = await runTool('npm', args, { ...tool, source });
    if (ended.status !== 0) throw npmError(source, ended);
    return String(JSON.parse(ended.stdout.toString('utf8') || '""'));
  });
}

const ANY_AGE = '--before=2999-01-01';

/** The error of a source whose versions are all too young for a setting of npm, if that is what npm says. */
async function tooYoung({ stderr }: ToolEnd, tool: ToolRun): Promise<UserError | undefined> {
  const young = tooYoungIn(stderr);
  if (young === undefined) return undefined;
  const days = await settingOf('min-release-age', tool);
  if (!young.isSure && days === undefined && (await settingOf('before', tool)) === undefined) return undefined;
  const setting = days === undefined ? 'before' : `min-release-age=${days}`;
  return new UserError(
    'SOURCE_NOT_FOUND',
    `${tool.source} has no version that is old enough for the setting ${setting} of npm`,
    `Wait until it is old enough, name an older version, or change ${setting.split('=')[0]} (a .npmrc, or the environment has it).`,
  );
}

/** A setting of the user's npm; nothing where it is not set. */
async function settingOf(name: string, tool: ToolRun): Promise<string | undefined> {
  const { stdout } = await runTool('npm', ['config', 'get', name], tool);
  const value = stdout.toString('utf8').trim();
  return ['', 'null', 'undefined'].includes(value) ? undefined : value;
}

/** Reads the version from the output of `npm pack --json`, which is a list or a map of packages. */
function packedVersion(stdout: string): string {
  const [packed] = Object.values(Object(JSON.parse(stdout))) as { version?: unknown }[];
  return String(packed?.version);
}

/** npm's error codes. Any other error is a problem of the network or of the server. */
const DENIED = /^(E401|E403|ENEEDAUTH|EOTP)$/;
const NOT_FOUND = /^(E404|ETARGET|ENOVERSIONS)$/;
/** npm's code for an archive that unpacks to far more bytes than it has. */
const BOMB = /^TAR_ABORT$/;
const NO_TARBALL = /^(TAR|Z)_/;

function npmError(source: string, { status, stderr }: ToolEnd): UserError {
  const said = stderr.split('\n').flatMap((line) => /^npm (?:error|ERR!) (.*)/.exec(line)?.[1] ?? []);
  const code = said.find((line) => line.startsWith('code '))?.slice('code '.length) ?? '';
  const reason = said.find((line) => !/^(code|syscall|errno) /.test(line)) || code || `npm ended with ${status}`;
  if (DENIED.test(code)) return sourceError('SOURCE_DENIED', source, reason);
  if (NOT_FOUND.test(code)) return sourceError('SOURCE_NOT_FOUND', source, reason);
  if (BOMB.test(code))
    return templateError('TEMPLATE_UNSAFE', source, 'is an archive that unpacks to far too many bytes');
  if (NO_TARBALL.test(code)) return brokenTarball(source, reason);
  if (code === 'EINTEGRITY')
    return new UserError(
      'SOURCE_CHANGED',
      `${source} could not be fetched: its bytes do not match the integrity that the registry gives`,
      'Ask the owner of the registry. Do not use the package until the reason is known.',
    );
  return sourceError('SOURCE_UNREACHABLE', source, reason);
}
