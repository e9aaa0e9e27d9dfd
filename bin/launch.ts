import type Vm from 'node:vm';

/**
 * What `create-twelve-service` starts: loads the bundle beside it through V8's code cache, so that the second run on
 * does not compile. `create` takes 2.3 times `node -e 0` with the cache and 2.7 times without (Node 20, 41 rounds). Node's
 * own `module.enableCompileCache()` is no faster on Node 24, and Node 20 does not have it. The cache is code, so it is
 * read only from a folder that belongs to the user and that nobody else may write to. V8 does not look whether it is
 * whole: one wrong bit may crash it, change an answer or loop for ever. So each file has the cache twice, and is used
 * only where both are the same: that is compared in no time, while a checksum wants a module of Node that takes 2 ms to
 * load. The bundle is ASCII, and read as such. Whatever is wrong with the cache, the bundle is simply compiled.
 */

// Not imports: those of a bundle copy every property of the module.
const fs = process.getBuiltinModule('node:fs');
const path = process.getBuiltinModule('node:path');
const vm = process.getBuiltinModule('node:vm');

/** Loaded only where the environment does not say. */
const homedir = (): string => process.getBuiltinModule('node:os').homedir();

declare const require: NodeJS.Require;
declare const __dirname: string;
/** Set by esbuild: changes whenever the bundle does. */
declare const BUILD_ID: string;

interface Loaded {
  readonly script: Vm.Script;
  readonly cacheFile: string;
  readonly isFresh: boolean;
}

const cacheFolder = openCacheFolder();
const loaded: Loaded[] = [];

function openCacheFolder(): string | undefined {
  if (process.env.TWELVE_NO_CODE_CACHE) return undefined;
  const { XDG_CACHE_HOME = '', HOME } = process.env;
  // A relative one is to be ignored, as the XDG specification says.
  const base = path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : path.join(HOME || homedir(), '.cache');
  if (!path.isAbsolute(base)) return undefined;
  const folder = path.join(base, 'create-twelve-service', `${BUILD_ID}-${process.version}-${process.arch}`);
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    // The folder above too: whoever owns it could put another one in this one's place.
    return isPrivate(folder) && isPrivate(path.dirname(folder)) ? folder : undefined;
  } catch {
    return undefined; // No home, a read-only home: run without a cache.
  }
}

function isPrivate(folder: string): boolean {
  const stat = fs.lstatSync(folder);
  const isOurs = process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
  return stat.isDirectory() && isOurs;
}

function load(file: string): unknown {
  const source = fs.readFileSync(file, 'latin1');
  const wrapper = `(function(exports,require,module,__filename,__dirname){${source}\n})`;
  const cacheFile =
    cacheFolder === undefined
      ? ''
      : path.join(cacheFolder, `${path.relative(__dirname, file).replaceAll(path.sep, '-')}.bin`);
  const cachedData = cacheFile === '' ? undefined : readCache(cacheFile);
  const script = new vm.Script(wrapper, {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  if (cacheFile !== '')
    loaded.push({ script, cacheFile, isFresh: cachedData === undefined || script.cachedDataRejected === true });
  const module = { exports: {} as unknown };
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run(module.exports, requireFrom(path.dirname(file)), module, file, path.dirname(file));
  return module.exports;
}

/** Chunks of this package come through the cache, everything else through Node. */
function requireFrom(folder: string): (id: string) => unknown {
  const chunk = (id: string): unknown =>
    id.startsWith('./') && id.endsWith('.cjs') ? load(path.join(folder, id)) : require(id);
  return Object.assign(chunk, { resolve: require.resolve });
}

/** The cache of a file, which has it twice; nothing where the two differ. */
function readCache(file: string): Buffer | undefined {
  try {
    const content = fs.readFileSync(file);
    const cache = content.subarray(0, content.length / 2);
    return cache.equals(content.subarray(cache.length)) ? cache : undefined;
  } catch {
    return undefined; // Not there yet.
  }
}

/**
 * Written when all is done, so that functions compiled on the way are in it; and only by a run that made something, since
 * `--help` would leave a cache that lacks nearly everything.
 */
function saveCaches(): void {
  if (!main.progress.applied) return;
  for (const { script, cacheFile, isFresh } of loaded) {
    if (!isFresh) continue;
    const temporary = `${cacheFile}.${process.pid}`;
    try {
      const cache = script.createCachedData();
      fs.writeFileSync(temporary, Buffer.concat([cache, cache]), { mode: 0o600 });
      fs.renameSync(temporary, cacheFile);
    } catch {
      fs.rmSync(temporary, { force: true }); // A full disk slows the next run down, and does no other harm.
    }
  }
}

process.once('exit', saveCaches);
const main = load(path.join(__dirname, 'main.cjs')) as { readonly progress: { readonly applied: boolean } };
