// Speaks, but not HTTP.
require('node:net')
  .createServer((socket) => {
    socket.on('error', () => {});
    socket.end('\0\x01SSH-2.0-nonsense\r\n\r\n'.repeat(100));
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
