// Sends a body without an end, as fast as it can.
require('node:http')
  .createServer((_, response) => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    const send = () => {
      while (response.writable && response.write(chunk));
      response.once('drain', send);
    };
    response.on('error', () => {});
    send();
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
