import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HarnessFailure } from '../wait.ts';
import { findProgram } from './programs.ts';
import { forget, reap } from './reaper.ts';

/** A started program. If it could not be started, its `error` event says so and its streams are destroyed. */
interface Piped {
  readonly process: ChildProcess;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

interface Pipes {
  readonly readEnds: readonly number[];
  readonly writeEnds: readonly number[];
}

/**
 * Starts a program with real pipes for its standard output and standard error. Those of `spawn` are sockets, and a program
 * that opens `/dev/stdout` gets ENXIO from a socket. Without `mkfifo` no pipes can be made, so they are sockets.
 * @throws HarnessFailure when no pipe can be made in the temporary folder, an error for options that `spawn` refuses
 */
export function spawnPiped(file: string, args: readonly string[], options: Omit<SpawnOptions, 'stdio'>): Piped {
  const mkfifo = findProgram('mkfifo');
  if (mkfifo === undefined) {
    const process = spawn(file, args, { ...options, stdio: 'pipe' });
    return { process, stdout: process.stdout as Readable, stderr: process.stderr as Readable };
  }
  const { readEnds, writeEnds } = makePipes(mkfifo);
  const [stdout, stderr] = readEnds.map((fd) => new Socket({ fd, readable: true, writable: false })) as [
    Socket,
    Socket,
  ];
  const end = () => void [stdout, stderr].map((stream) => stream.destroy());
  try {
    const process = spawn(file, args, { ...options, stdio: ['pipe', ...writeEnds] });
    return { process: process.once('error', end), stdout, stderr };
  } catch (error) {
    end();
    throw error;
  } finally {
    // From now on only the program holds them, so they end with it.
    writeEnds.forEach(closeSync);
  }
}

/** Makes two pipes. Their names are removed before they are returned. */
function makePipes(mkfifo: string): Pipes {
  const paths = [takeFifo(mkfifo), takeFifo(mkfifo)];
  const opened: number[] = [];
  const open = (flags: number) =>
    paths.map((path) => {
      const fd = openSync(path, flags);
      opened.push(fd);
      return fd;
    });
  try {
    // Opening one end waits for the other, unless O_NONBLOCK is set. Only the reading end may be opened first.
    return { readEnds: open(constants.O_RDONLY | constants.O_NONBLOCK), writeEnds: open(constants.O_WRONLY) };
  } catch (cause) {
    opened.forEach(closeSync);
    throw new HarnessFailure(`no pipe can be opened in ${tmpdir()}: ${(cause as Error).message}`, { cause });
  } finally {
    for (const path of paths) rmSync(path, { force: true });
  }
}

/** How many are made at once: the program that makes them takes longer to start than to make one. */
const AT_ONCE = 24;
/** Those that nobody has taken yet, and their folder. */
let fifos: { readonly folder: string; readonly left: string[] } | undefined;

/** The path of a named pipe that nobody else has. */
function takeFifo(mkfifo: string): string {
  if (fifos?.left.length === 0) dropFifos();
  fifos ??= makeFifos(mkfifo);
  return fifos.left.pop() ?? '';
}

function makeFifos(mkfifo: string): NonNullable<typeof fifos> {
  const folder = mkdtempSync(join(tmpdir(), 'twelve-pipes-'));
  const left = Array.from({ length: AT_ONCE }, (_, number) => join(folder, String(number)));
  try {
    execFileSync(mkfifo, ['-m', '600', ...left], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw new HarnessFailure(`no pipe can be made in ${tmpdir()}: ${(cause as Error).message}`, { cause });
  }
  reap({ kind: 'folder', id: folder });
  process.once('exit', dropFifos);
  return { folder, left };
}

function dropFifos(): void {
  if (fifos === undefined) return;
  const { folder } = fifos;
  fifos = undefined;
  process.off('exit', dropFifos);
  rmSync(folder, { recursive: true, force: true });
  forget({ kind: 'folder', id: folder });
}
