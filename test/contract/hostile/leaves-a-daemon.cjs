// Serves, and has a helper that left the process group.
const { spawn } = require('node:child_process');
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' }).unref();
require('node:http')
  .createServer((_, response) => response.end('ok'))
  .listen(Number(process.env.PORT), '127.0.0.1');
