import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { ImageTarget } from '../../target.ts';
import { forget, reap } from '../process/reaper.ts';
import { clientEnvironment, docker, dockerProgram, type ImageConfig, imageConfig, removeContainer } from './docker.ts';

/** Time to read the largest image: 10 GB at 100 MB a second. */
const EXPORT_MS = 100_000;
/** Docker's PATH for images that do not set one. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** How many links in a row a kernel follows. */
const LINKS = 40;

interface Entry {
  readonly kind: 'file' | 'folder' | 'link';
  readonly isExecutable: boolean;
  /** The target of a link, as it is written. */
  readonly to: string;
}

const known = new WeakMap<ImageTarget, Promise<ImageFiles>>();

/** The files of an image, read without running it, since it may have no shell. */
export class ImageFiles {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #config: ImageConfig;

  constructor(entries: ReadonlyMap<string, Entry>, config: ImageConfig) {
    this.#entries = entries;
    this.#config = config;
  }

  /**
   * The files of a target, read once for all rules.
   * @throws HarnessFailure without an engine, an error when the image cannot be read
   */
  static of(target: ImageTarget): Promise<ImageFiles> {
    const reading = known.get(target) ?? ImageFiles.#read(target.image);
    known.set(target, reading);
    reading.catch(() => known.delete(target));
    return reading;
  }

  static async #read(image: string): Promise<ImageFiles> {
    const name = `twelve-files-${randomUUID().slice(0, 12)}`;
    reap({ kind: 'container', id: name });
    try {
      // The container is never started, but an image without a command cannot be created without one.
      await docker(['create', '--name', name, '--network', 'none', image, '/none']);
      return new ImageFiles(await exported(name), await imageConfig(image));
    } finally {
      await removeContainer(name);
      forget({ kind: 'container', id: name });
    }
  }

  /** Absolute paths of programs that the image's PATH finds under these names, links followed to the file itself. */
  programs(names: readonly string[]): string[] {
    const path = this.#config.Env?.find((entry) => entry.startsWith('PATH='))?.slice(5) || DEFAULT_PATH;
    const found = names.flatMap((name) => path.split(':').map((folder) => this.#resolve(`${folder}/${name}`)));
    return [
      ...new Set(found.filter((file) => file !== undefined && this.#entries.get(file)?.isExecutable)),
    ] as string[];
  }

  /**
   * Programs under these names in any folder of programs, also outside of PATH, links followed. A name may have a target before
   * it and a version behind it, such as `x86_64-linux-gnu-gcc-12` and `pip3.12`.
   */
  programsAnywhere(names: readonly string[]): string[] {
    const some = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
    const pattern = new RegExp(`/s?bin/(\\w+-(\\w+-)?\\w+-)?(${some})(-?\\d+(\\.\\d+)*)?$`);
    const found = [...this.#entries.keys()].filter((path) => pattern.test(path)).map((path) => this.#resolve(path));
    const files = found.filter((file) => file !== undefined && this.#entries.get(file)?.isExecutable) as string[];
    return [...new Set([...this.programs(names), ...files])];
  }

  /** Folders of packages under these names, wherever a language's installer puts them. */
  packages(names: readonly string[]): string[] {
    const wanted = new Set(names);
    const isIt = (path: string) =>
      /\/(site-packages|dist-packages)$/.test(posix.dirname(path)) && wanted.has(posix.basename(path));
    return [...this.#entries.keys()].filter(isIt);
  }

  /** Those of some paths, relative to the folder in which the image runs, that are there. They are absolute then. */
  existing(paths: readonly string[]): string[] {
    const folder = posix.join('/', this.#config.WorkingDir ?? '');
    return paths.map((path) => posix.join(folder, path)).filter((path) => this.#resolve(path) !== undefined);
  }

  /** A path with all its links followed, or `undefined` if it does not exist. */
  #resolve(path: string, links = 0): string | undefined {
    const absolute = posix.resolve('/', path);
    const parts = absolute.split('/').filter(Boolean);
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const at = `/${parts.slice(0, depth).join('/')}`;
      const entry = this.#entries.get(at);
      if (entry === undefined) return undefined;
      if (entry.kind !== 'link') continue;
      const rest = parts.slice(depth).join('/');
      return links >= LINKS
        ? undefined
        : this.#resolve(posix.join(posix.resolve(posix.dirname(at), entry.to), rest), links + 1);
    }
    return absolute;
  }
}

/** The file system of a container, by absolute path. */
async function exported(container: string): Promise<Map<string, Entry>> {
  const client = spawn(dockerProgram(), ['export', container], {
    env: clientEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: EXPORT_MS,
  });
  let said = '';
  client.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => client.once('error', reject).once('close', resolve));
  const [entries, code] = await Promise.all([readEntries(client.stdout), ended]);
  if (code !== 0)
    throw new Error(`docker export ended with ${code ?? `no code after ${EXPORT_MS} ms`}: ${said.trim()}`);
  return entries;
}

/** The entries of a tar archive by absolute path, with the folders of its files also if it does not name them. */
async function readEntries(archive: NodeJS.ReadableStream): Promise<Map<string, Entry>> {
  const { Parser } = await import('tar');
  const entries = new Map<string, Entry>();
  const add = (path: string, entry: Entry): void => {
    const parent = posix.dirname(path);
    if (path !== '/' && !entries.has(parent)) add(parent, { kind: 'folder', isExecutable: false, to: '' });
    entries.set(path, entry);
  };
  await new Promise<void>((resolve, reject) => {
    const parser = new Parser({ strict: false });
    parser.on('entry', (entry) => {
      const kind = entry.type === 'SymbolicLink' ? 'link' : entry.type === 'Directory' ? 'folder' : 'file';
      const isExecutable = kind === 'file' && ((entry.mode ?? 0) & 0o111) !== 0;
      add(posix.resolve('/', entry.path), { kind, isExecutable, to: kind === 'link' ? String(entry.linkpath) : '' });
      entry.resume();
    });
    parser.on('end', resolve);
    parser.on('error', reject);
    archive.on('error', reject);
    archive.pipe(parser as unknown as NodeJS.WritableStream);
  });
  return entries;
}
