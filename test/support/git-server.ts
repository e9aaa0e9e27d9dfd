import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Contents, temporaryFolder, write } from './folder.ts';
import { plainEnvironment } from './program.ts';

/** A repository, which a git server can serve. */
interface GitRepository {
  /** The folder with `preset.git`. */
  readonly root: string;
  /** Runs git in the repository, and returns its output. */
  readonly git: (...args: string[]) => string;
  /** Writes files and commits everything. Returns the commit. */
  readonly commit: (contents: Contents) => string;
}

const WHO = ['-c', 'user.name=A', '-c', 'user.email=a@example.invalid', '-c', 'commit.gpgSign=false'];

/** Makes `preset.git` for the current test. */
export function gitRepository(contents: Contents): GitRepository {
  const root = temporaryFolder();
  const work = join(root, 'preset.git');
  const git = (...args: string[]): string =>
    execFileSync('git', [...WHO, ...args], {
      cwd: work,
      env: plainEnvironment(),
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  const commit = (more: Contents): string => {
    write(work, more);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'More');
    return git('rev-parse', 'HEAD');
  };
  mkdirSync(work);
  git('init', '--quiet', '--initial-branch=main');
  commit(contents);
  return { root, git, commit };
}

export interface GitManners {
  /** Requests without this password get 401. */
  readonly password?: string;
  readonly status?: number;
  readonly stalls?: boolean;
  /** Uses the first protocol: it gives only tags and branches, no single commits. */
  readonly isOld?: boolean;
}

/** Serves repositories on 127.0.0.1 with git's own CGI program. Returns the start of their URLs. */
export async function gitServer(root: string, manners: GitManners = {}): Promise<{ url: string; close: () => void }> {
  const { password, status, stalls = false } = manners;
  const server = createServer((request, response) => {
    const known = `Basic ${Buffer.from(`user:${password}`).toString('base64')}`;
    if (stalls) return;
    if (status !== undefined) response.writeHead(status).end();
    else if (password !== undefined && request.headers.authorization !== known)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    else backend(root, manners, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  return { url: `git+http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Handles one request with CGI: request headers are variables, response headers end with an empty line. */
function backend(root: string, { isOld }: GitManners, request: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const { headers } = request;
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: plainEnvironment({
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path.replace(/^\/preset\.git/, '/preset.git/.git'),
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers['content-type'],
      HTTP_CONTENT_ENCODING: headers['content-encoding'],
      ...(isOld ? {} : { GIT_PROTOCOL: String(headers['git-protocol'] ?? '') }),
    }),
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const output = Buffer.concat(chunks);
    const split = output.indexOf('\r\n\r\n');
    for (const line of output.toString('latin1', 0, split).split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(output.subarray(split + 4));
  });
}
