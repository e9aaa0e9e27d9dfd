import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { SOURCE_LIMITS } from '../core/source-limits.ts';
import { formatSourceSpec, parseSourceSpec, type SourceSpec } from '../core/source-spec.ts';
import { templateError } from '../core/template.ts';
import type { Tree } from '../core/tree.ts';
import { fs } from './disk.ts';
import { readTarball } from './read-tarball.ts';
import { runTool, type ToolEnd, type ToolRun } from './run-tool.ts';
import { sourceError } from './source-error.ts';
import { withTemporaryFolder } from './temporary.ts';

/** Said on the command line, so that no `.npmrc` and no variable of an outer npm says otherwise. */
const FLAGS = [
  '--json',
  '--loglevel=error',
  '--ignore-scripts',
  '--dry-run=false',
  '--offline=false',
  '--prefer-offline=false',
  '--prefer-online',
  '--update-notifier=false',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=500',
];

/**
 * Downloads a package with the user's own npm, whose `.npmrc` knows registries and tokens. npm chooses the version that
 * `npm install` would; nothing of the package is executed.
 * @throws {UserError} SOURCE_..., TEMPLATE_..., NOT_POSSIBLE
 */
export function fetchNpm(
  spec: SourceSpec & { kind: 'npm' },
  tool: Omit<ToolRun, 'source'>,
): Promise<{ files: Tree; resolved: string }> {
  const source = formatSourceSpec(spec);
  return withTemporaryFolder(async (folder) => {
    const wanted = source.slice('npm:'.length);
    const args = ['pack', ...FLAGS, '--pack-destination', folder, '--', wanted];
    const ended = await runTool('npm', args, { ...tool, source });
    if (ended.status !== 0) throw npmError(source, ended);
    const [tarball] = fs.readdirSync(folder);
    if (tarball === undefined) throw sourceError('SOURCE_NOT_FOUND', source, 'npm wrote no package');
    const file = join(folder, tarball);
    if (fs.lstatSync(file).size > SOURCE_LIMITS.totalBytes)
      throw templateError('TEMPLATE_UNSAFE', source, `is larger than ${SOURCE_LIMITS.totalBytes} bytes`);
    const version = packedVersion(ended.stdout.toString('utf8'));
    const resolved = formatSourceSpec(parseSourceSpec(`npm:${spec.name}@${version}`));
    return { files: await readTarball(file, source), resolved };
  });
}

/** From what `npm pack --json` prints: a list of packages, or a map of them. */
function packedVersion(stdout: string): string {
  const [packed] = Object.values(Object(JSON.parse(stdout))) as { version?: unknown }[];
  return String(packed?.version);
}

const DENIED = new Set(['E401', 'E403', 'ENEEDAUTH', 'EOTP']);
const NOT_FOUND = new Set(['E404', 'ETARGET', 'ENOVERSIONS']);

function npmError(source: string, { status, stderr }: ToolEnd): UserError {
  const lines = stderr.split('\n').filter((line) => /^npm (error|ERR!) /.test(line));
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(stderr)?.[1] ?? '';
  const said = lines.find((line) => !/^npm (error|ERR!) code /.test(line))?.replace(/^npm (error|ERR!) /, '');
  const reason = said || code || `npm ended with exit code ${status}`;
  if (DENIED.has(code)) return sourceError('SOURCE_DENIED', source, reason);
  if (NOT_FOUND.has(code)) return sourceError('SOURCE_NOT_FOUND', source, reason);
  if (code === 'EINTEGRITY')
    return new UserError(
      'SOURCE_CHANGED',
      `${source} could not be fetched: its bytes are not those that the registry announced`,
      'Ask the owner of the registry; do not use what it gives until that is clear.',
    );
  return sourceError('SOURCE_UNREACHABLE', source, reason);
}
