// Is ready, and answers everything else in chunks whose sizes are none.
const ready = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const broken = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n';
require('node:net')
  .createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      // One connection may have sent many.
      for (const [, path] of String(data).matchAll(/^GET (\S+)/gm)) socket.write(path === '/' ? ready : broken);
    });
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
