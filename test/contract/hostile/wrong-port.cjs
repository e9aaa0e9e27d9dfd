// Listens, but not where it was told to.
require('node:http')
  .createServer((_, response) => response.end('ok'))
  .listen(0, '127.0.0.1');
