// Forks twice into a session of its own, and the process that was started ends.
const { spawn } = require('node:child_process');
const depth = Number(process.env.DEPTH ?? 0);
if (depth < 2) {
  const env = { ...process.env, DEPTH: String(depth + 1) };
  spawn(process.execPath, [__filename], { detached: true, stdio: 'ignore', env }).unref();
} else {
  require('node:http')
    .createServer((_, response) => response.end('ok'))
    .listen(Number(process.env.PORT), '127.0.0.1');
}
