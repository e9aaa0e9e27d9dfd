// Serves, and has a helper that left the process group and keeps nothing of the environment.
const { spawn } = require('node:child_process');
const stay = ['-e', 'setTimeout(() => {}, 600_000)', __filename];
spawn(process.execPath, stay, { detached: true, env: {}, stdio: 'ignore' }).unref();
require('node:http')
  .createServer((_, response) => response.end('ok'))
  .listen(Number(process.env.PORT), '127.0.0.1');
