import { chownSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../http/ports.ts';
import { Child } from '../process/child.ts';
import { findProgram } from '../process/programs.ts';
import { reap, removeLater } from '../process/reaper.ts';
import { codeOf, within } from '../wait.ts';

/** A `postgres` process with a data folder of its own. */
export interface Cluster {
  readonly child: Child;
  /** On 127.0.0.1. */
  readonly port: number;
  stop(): Promise<void>;
}

interface ClusterOptions {
  readonly user: string;
  readonly password: string;
  /** `name=value`, as in postgresql.conf. */
  readonly settings: readonly string[];
  /** Of initdb. */
  readonly timeoutMs: number;
}

/** The path of `initdb`, or `undefined` where PostgreSQL is not installed; Debian keeps it outside of PATH. */
export function findInitdb(): string | undefined {
  const versions = (readdirOrNone('/usr/lib/postgresql') ?? []).sort((a, b) => Number(b) - Number(a));
  return findProgram(
    'initdb',
    versions.map((version) => `/usr/lib/postgresql/${version}/bin`),
  );
}

/**
 * Makes a cluster in a temporary folder and starts it; it may not accept connections yet.
 * @throws when PostgreSQL is not installed or initdb fails
 */
export async function startCluster({ user, password, settings, timeoutMs }: ClusterOptions): Promise<Cluster> {
  const initdb = findInitdb();
  if (initdb === undefined) throw new Error('no initdb found: PostgreSQL is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'twelve-postgres-'));
  reap({ kind: 'folder', id: folder });
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  const owner = unprivileged();
  if (owner) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const launch = { cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, ...owner };
  const data = join(folder, 'data');
  const auth = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${passwordFile}`];
  const made = new Child({ file: initdb, args: ['-D', data, '--no-sync', '-E', 'UTF8', ...auth], ...launch });
  const { code } = await made.ended(timeoutMs).finally(() => made.dispose());
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${made.stderr}`);
  const port = await freePort();
  const own = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  const flags = [...own, ...settings].flatMap((setting) => ['-c', setting]);
  const child = new Child({ file: join(initdb, '../postgres'), args: ['-D', data, ...flags], quits: true, ...launch });
  const stop = async () => {
    // It ends its own workers, which are outside its process group, and writes nothing: nobody reads the data again.
    await child.signal('SIGQUIT');
    await within('the end of PostgreSQL', 5000, child.exit).catch(() => undefined);
    await child.dispose();
    removeLater(folder);
  };
  return { child, port, stop };
}

function readdirOrNone(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** PostgreSQL refuses to run as root, so it runs as the package's user or as nobody. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((row) => row.split(':'));
  const found = ['postgres', 'nobody'].flatMap((name) => users.filter((user) => user[0] === name))[0];
  if (!found) throw new Error('no user to run PostgreSQL as');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}
