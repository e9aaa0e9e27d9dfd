// Serves, and writes as much as the pipe takes, whatever it is told.
require('node:http')
  .createServer((_, response) => response.end('ok'))
  .listen(Number(process.env.PORT), '127.0.0.1');
const line = `${JSON.stringify({ msg: 'x'.repeat(65_000) })}\n`;
const flood = () => {
  while (process.stdout.write(line));
  process.stdout.once('drain', flood);
};
process.stdout.on('error', () => {});
flood();
process.on('SIGTERM', () => {});
