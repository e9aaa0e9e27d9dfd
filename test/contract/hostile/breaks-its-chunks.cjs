// Is ready, and answers everything else in chunks whose sizes are none.
require('node:net')
  .createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const isReady = String(data).startsWith('GET / ');
      socket.write(
        isReady
          ? 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
          : 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      );
    });
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
