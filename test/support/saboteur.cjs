/**
 * Loaded with --require: counts the file-system calls on paths below a folder and, at the nth, kills the process or
 * makes the call fail. Calls that are many for the kernel (writing a file, removing a tree) are taken apart into
 * single ones first, so that a kill in the midst of them is tried too.
 *
 * TWELVE_SABOTAGE={"zone": "/folder", "at": 7, "act": "kill" | "SIGINT" | "SIGTERM" | "EIO" | "ENOSPC" | "EXDEV", "only": [names]?, "on"?: bool, "log": "/file"?}
 * `on`: every call from the nth one fails, as on a disk that is full. `log`: the calls, one a line, written at exit.
 */
const fs = require('node:fs');
const path = require('node:path');

const { zone, at, act, only, on = false, log } = JSON.parse(process.env.TWELVE_SABOTAGE);
delete process.env.TWELVE_SABOTAGE;
const real = { ...fs };
const descriptors = new Set();
const calls = [];
/** Whether a call is under way: Node's own functions call each other through the same object. */
let inside = false;

function concerns(argument) {
  if (typeof argument === 'number') return descriptors.has(argument);
  if (typeof argument !== 'string' && !Buffer.isBuffer(argument)) return false;
  return `${path.resolve(String(argument))}/`.startsWith(`${zone}/`);
}

function strike(name, target) {
  if (act === 'kill') {
    process.kill(process.pid, 'SIGKILL');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  if (act.startsWith('SIG')) return void process.kill(process.pid, act);
  // existsSync has no way to fail.
  if (name === 'existsSync') return;
  throw Object.assign(new Error(`${act}: sabotage, ${name} '${target}'`), {
    code: act,
    syscall: name,
    path: String(target),
  });
}

function watch(name) {
  fs[name] = (...args) => {
    if (inside) return real[name](...args);
    const targets = args.slice(0, name === 'linkSync' || name === 'renameSync' ? 2 : 1).filter(concerns);
    if (targets.length > 0 && (only === undefined || only.includes(name))) {
      calls.push(`${name} ${targets.join(' ')}`);
      if (on ? calls.length >= at : calls.length === at) strike(name, targets[0]);
    }
    inside = true;
    try {
      const result = real[name](...args);
      if (name === 'openSync' && targets.length > 0) descriptors.add(result);
      if (name === 'closeSync') descriptors.delete(args[0]);
      return result;
    } finally {
      inside = false;
    }
  };
}

for (const name of [
  'accessSync',
  'chmodSync',
  'closeSync',
  'existsSync',
  'linkSync',
  'lstatSync',
  'mkdirSync',
  'openSync',
  'readFileSync',
  'readdirSync',
  'realpathSync',
  'renameSync',
  'rmdirSync',
  'statSync',
  'unlinkSync',
  'writeSync',
])
  watch(name);
fs.realpathSync.native = real.realpathSync.native;

fs.writeFileSync = (file, data, options = {}) => {
  if (!concerns(file)) return real.writeFileSync(file, data, options);
  const bytes = Buffer.from(data);
  const half = bytes.length >> 1;
  const descriptor = fs.openSync(file, options.flag ?? 'w', options.mode ?? 0o666);
  try {
    fs.writeSync(descriptor, bytes, 0, half);
    fs.writeSync(descriptor, bytes, half);
  } finally {
    fs.closeSync(descriptor);
  }
};

fs.rmSync = (target, options = {}) => {
  if (!concerns(target)) return real.rmSync(target, options);
  let stat;
  try {
    stat = fs.lstatSync(target);
  } catch (error) {
    if (options.force && error.code === 'ENOENT') return;
    throw error;
  }
  if (!stat.isDirectory()) return fs.unlinkSync(target);
  for (const name of fs.readdirSync(target)) fs.rmSync(path.join(String(target), name), options);
  fs.rmdirSync(target);
};

if (log !== undefined) process.on('exit', () => real.writeFileSync(log, calls.map((call) => `${call}\n`).join('')));
