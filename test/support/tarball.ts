import { gzipSync } from 'node:zlib';

/** An entry of a tarball, even one that no tool would write. */
export interface Entry {
  /** The path with its first segment: `package/index.js`. */
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  /** The type flag of the header: `0` a file, `1` a hard link, `2` a symbolic link, `3` a device, `5` a folder. */
  readonly type?: string;
  readonly link?: string;
}

/**
 * A gzipped tarball of exactly these entries. Each is a gzip member of its own, so that equal contents are packed once.
 */
export function tarball(entries: readonly Entry[]): Buffer {
  const packed = new Map<string | Uint8Array, Buffer>();
  const pack = (content: string | Uint8Array): Buffer => {
    const known = packed.get(content) ?? gzipSync(padded(Buffer.from(content)));
    packed.set(content, known);
    return known;
  };
  const parts = entries.flatMap((entry) => [
    gzipSync(header(entry)),
    ...(entry.content?.length ? [pack(entry.content)] : []),
  ]);
  return Buffer.concat([...parts, gzipSync(Buffer.alloc(1024))]);
}

/** The tarball of a package with a package.json and these files. */
export function packageTarball(name: string, version: string, files: Readonly<Record<string, string>> = {}): Buffer {
  const manifest = JSON.stringify({ name, version, scripts: SCRIPTS });
  const all = Object.entries({ 'package.json': manifest, ...files });
  return tarball(all.map(([path, content]) => ({ path: `package/${path}`, content })));
}

/** All scripts that npm could run. Each one leaves a file in the folder that the test checks. */
const SCRIPTS = Object.fromEntries(
  ['preinstall', 'install', 'postinstall', 'prepack', 'prepare', 'prepublishOnly', 'postpack'].map((name) => [
    name,
    `touch "$HOME/ran-${name}"`,
  ]),
);

function header({ path, content = '', mode = 0o644, type = '0', link = '' }: Entry): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at);
  block.write(path, 0, 100);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(Buffer.byteLength(Buffer.from(content)), 124, 12);
  octal(0, 136, 12);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write(link, 157, 100);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
