// Each process starts its successor in a session of its own and ends: there is always one more.
const { spawn } = require('node:child_process');
spawn(process.execPath, [__filename], { detached: true, stdio: 'ignore' }).unref();
setTimeout(() => process.exit(0), 300);
