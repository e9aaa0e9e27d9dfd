// Serves, and has a helper in a session of its own whose parent has ended.
const { spawn } = require('node:child_process');
const stay = `setsid '${process.execPath}' -e 'setTimeout(() => {}, 600_000)' '${__filename}' &`;
spawn('/bin/sh', ['-c', stay], { stdio: 'ignore' });
require('node:http')
  .createServer((_, response) => response.end('ok'))
  .listen(Number(process.env.PORT), '127.0.0.1');
